package io.windlass.mcp;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One server of the settings: started when somebody needs it, started again after it died, later
 * each time that this fails, and stopped when nobody has needed it for a while.
 */
final class McpConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(McpConnection.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final ServerConfig config;
  private final McpSession.Opener opener;
  private final McpHealth health;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable CompletableFuture<McpSession> current;
  private @Nullable List<McpTool> known;
  private McpSchema.@Nullable InitializeResult hello;
  private volatile Secrets secrets = Secrets.of(Map.of(), Map.of());
  private int calls;
  private long lastUsed = System.nanoTime();
  private boolean closed;

  McpConnection(ServerConfig config, McpSession.Opener opener, InstantSource clock) {
    this.config = config;
    this.opener = opener;
    this.health = new McpHealth(clock);
  }

  ServerConfig config() {
    return config;
  }

  Secrets secrets() {
    return secrets;
  }

  /** Its tools, from before when it was started before. */
  List<McpTool> tools() throws InterruptedException {
    lock.lock();
    try {
      CompletableFuture<McpSession> running = current;
      if (running != null && running.state() == Future.State.SUCCESS) {
        known = running.resultNow().tools();
      }
      if (known != null) {
        return known;
      }
    } finally {
      lock.unlock();
    }
    return session(config.startTimeout().plusSeconds(5)).tools();
  }

  /** Whether it failed so lately that it is not started again yet, and nothing of it is known. */
  boolean isPausing() {
    lock.lock();
    try {
      return current == null && known == null && health.pause().isPositive();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Calls a tool.
   *
   * @throws WindlassException MCP_FAILED naming the server and what to do
   */
  McpSchema.CallToolResult call(String tool, ObjectNode arguments, Duration atMost)
      throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    McpSession session = session(atMost);
    begin();
    try {
      McpSchema.CallToolResult result =
          session.call(tool, arguments, Duration.ofNanos(until - System.nanoTime()));
      health.well();
      return result;
    } catch (InterruptedException e) {
      throw e;
    } catch (McpError e) {
      health.well();
      throw failed("refused the call of %s: %s".formatted(tool, e.getMessage()), e);
    } catch (CancellingTransport.WrongShape e) {
      health.well();
      throw failed(
          "gave the call of %s %s; whether the call did its work is not known, and the server has to be mended"
              .formatted(tool, e.getMessage()),
          e);
    } catch (McpSession.ServerEnded e) {
      throw failed(
          "ended in the middle of the call of %s (%s); whether the call did its work is not known, and the next call starts the server again"
              .formatted(tool, e.getMessage()),
          e);
    } catch (TimeoutException e) {
      checkAlive(session);
      throw failed(
          "did not answer the call of %s within %d ms; give it more time, or look into the server's log"
              .formatted(tool, atMost.toMillis()),
          e);
    } catch (Exception e) {
      if (Reasons.isTooLong(e)) {
        health.well();
        throw failed("answered the call of %s with %s".formatted(tool, StdioTransport.TOO_LONG), e);
      }
      String why = Reasons.of(config, e);
      drop(session, why);
      throw failed("broke off in the call of %s: %s".formatted(tool, why), e);
    } finally {
      done();
    }
  }

  /** Starts it if needed and asks it for a sign of life. */
  void check() throws InterruptedException {
    try {
      McpSession session = session(config.startTimeout().plusSeconds(5));
      long millis;
      try {
        millis = session.ping();
      } catch (McpError e) {
        // It does not know the question, but it answered.
        millis = 0;
      }
      health.well();
      health.answeredWithin(millis);
    } catch (InterruptedException | WindlassException e) {
      throw e;
    } catch (Exception e) {
      note("it does not answer: " + Reasons.of(config, e));
    }
  }

  McpServer view() {
    lock.lock();
    try {
      CompletableFuture<McpSession> running = current;
      McpServer.State state = McpServer.State.STOPPED;
      if (!config.enabled()) {
        state = McpServer.State.DISABLED;
      } else if (running != null) {
        state = running.isDone() ? McpServer.State.RUNNING : McpServer.State.STARTING;
      } else if (health.error() != null) {
        state = McpServer.State.FAILED;
      }
      return McpViews.of(config, state, hello, known, health);
    } finally {
      lock.unlock();
    }
  }

  /** Stops it when nobody has used it for its time. */
  void stopWhenIdle() {
    McpSession idle = null;
    lock.lock();
    try {
      CompletableFuture<McpSession> running = current;
      boolean isOld = System.nanoTime() - lastUsed > config.idle().toNanos();
      if (running != null
          && running.state() == Future.State.SUCCESS
          && calls == 0
          && isOld
          && !config.idle().isZero()) {
        idle = running.resultNow();
        known = idle.tools();
        current = null;
      }
    } finally {
      lock.unlock();
    }
    if (idle != null) {
      LOG.info("MCP server {} is stopped: nobody has used it for {}", config.name(), config.idle());
      idle.close();
    }
  }

  @Override
  public void close() {
    CompletableFuture<McpSession> running;
    lock.lock();
    try {
      closed = true;
      running = current;
      current = null;
    } finally {
      lock.unlock();
    }
    if (running != null && !running.isDone()) {
      // A start that is under way closes what it opened when it sees that nobody wants it.
      running.completeExceptionally(new IllegalStateException("the server is being stopped"));
    } else if (running != null && running.state() == Future.State.SUCCESS) {
      running.resultNow().close();
    }
  }

  private McpSession session(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    while (true) {
      CompletableFuture<McpSession> wanted;
      Duration pause;
      lock.lock();
      try {
        if (closed) {
          throw new WindlassException(
              ErrorCode.SHUTTING_DOWN, "MCP server " + config.name() + " is being stopped");
        }
        lastUsed = System.nanoTime();
        pause = health.pause();
        if (current == null && !pause.isPositive()) {
          CompletableFuture<McpSession> mine = new CompletableFuture<>();
          current = mine;
          Thread.ofVirtual().name("mcp-start-" + config.name()).start(() -> start(mine));
        }
        wanted = current;
      } finally {
        lock.unlock();
      }
      if (wanted != null) {
        McpSession session = await(wanted, until, atMost);
        if (!session.ended().isDone()) {
          return session;
        }
        drop(session, session.ended().join());
        continue;
      }
      if (pause.compareTo(LONGEST_WAIT) > 0 || pause.toNanos() > until - System.nanoTime()) {
        throw failed(
            "cannot be used: %s; it is tried again in %d s"
                .formatted(health.error(), pause.toSeconds() + 1),
            null);
      }
      Thread.sleep(pause);
    }
  }

  private McpSession await(CompletableFuture<McpSession> wanted, long until, Duration atMost)
      throws InterruptedException {
    try {
      return wanted.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failed("cannot be used: " + Reasons.of(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw failed(
          "has not started within %d ms; give it more time".formatted(atMost.toMillis()), e);
    }
  }

  private void start(CompletableFuture<McpSession> mine) {
    long began = System.nanoTime();
    McpSession session;
    try {
      session = opener.open(config, found -> secrets = found);
    } catch (Exception e) {
      String why = Reasons.ofStart(config, e);
      note(why);
      release(mine);
      mine.completeExceptionally(new IllegalStateException(why, e));
      return;
    }
    boolean wanted;
    lock.lock();
    try {
      wanted = mine.equals(current) && !closed;
      if (wanted) {
        known = session.tools();
        hello = session.hello();
        health.answeredWithin(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        lastUsed = System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
    if (!wanted || !mine.complete(session)) {
      session.close();
      return;
    }
    LOG.info("MCP server {} is ready with {} tools", config.name(), session.tools().size());
    var _ = session.ended().thenAccept(why -> drop(session, why));
  }

  private void release(CompletableFuture<McpSession> mine) {
    lock.lock();
    try {
      if (mine.equals(current)) {
        current = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * After a time-out: a server that answers nothing at all is of no use to the next call either.
   * Who called does not wait for that.
   */
  private void checkAlive(McpSession session) {
    Thread.ofVirtual()
        .name("mcp-alive-" + config.name())
        .start(() -> {
          try {
            session.ping();
          } catch (McpError e) {
            health.well();
          } catch (Exception e) {
            drop(session, "it answers nothing any more");
          }
        });
  }

  private void drop(McpSession session, String why) {
    boolean mine;
    lock.lock();
    try {
      CompletableFuture<McpSession> running = current;
      mine =
          running != null
              && running.state() == Future.State.SUCCESS
              && running.resultNow().equals(session);
      if (mine) {
        current = null;
      }
    } finally {
      lock.unlock();
    }
    if (mine) {
      note(why);
      session.close();
    }
  }

  private void begin() {
    lock.lock();
    try {
      calls++;
    } finally {
      lock.unlock();
    }
  }

  private void done() {
    lock.lock();
    try {
      calls--;
      lastUsed = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private void note(String why) {
    String shown = secrets.mask(why);
    LOG.warn("MCP server {}: {}", config.name(), shown);
    health.failed(shown);
  }

  private WindlassException failed(String what, @Nullable Throwable cause) {
    return new WindlassException(
        ErrorCode.MCP_FAILED, secrets.mask("MCP server " + config.name() + " " + what), cause);
  }
}
