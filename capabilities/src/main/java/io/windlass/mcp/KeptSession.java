package io.windlass.mcp;

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

/**
 * The running session with one server of the settings: started when somebody needs it, started
 * again after it died, later each time that this fails, and stopped when nobody has needed it for a
 * while.
 */
final class KeptSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptSession.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final ServerConfig config;
  private final McpSession.Opener opener;
  private final McpHealth health;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable CompletableFuture<McpSession> current;
  private @Nullable List<McpTool> known;
  private McpSchema.@Nullable InitializeResult hello;
  private volatile Secrets secrets = Secrets.of(Map.of(), Map.of());
  private int uses;
  private long lastUsed = System.nanoTime();
  private boolean closed;

  KeptSession(ServerConfig config, McpSession.Opener opener, InstantSource clock) {
    this.config = config;
    this.opener = opener;
    this.health = new McpHealth(clock);
  }

  Secrets secrets() {
    return secrets;
  }

  McpHealth health() {
    return health;
  }

  /** The tools of the server as it runs, or as it last ran; null when it never did. */
  @Nullable List<McpTool> knownTools() {
    lock.lock();
    try {
      CompletableFuture<McpSession> running = current;
      if (running != null && running.state() == Future.State.SUCCESS) {
        known = running.resultNow().tools();
      }
      return known;
    } finally {
      lock.unlock();
    }
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
          && uses == 0
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

  /**
   * The running session, started first where there is none.
   *
   * @throws WindlassException MCP_FAILED when it cannot be had in that time, SHUTTING_DOWN
   */
  McpSession get(Duration atMost) throws InterruptedException {
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

  /** Gives a session up that is of no more use; the next call starts the server again. */
  void drop(McpSession session, String why) {
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

  /** Somebody uses it: it is not stopped until {@link #done}. */
  void begin() {
    lock.lock();
    try {
      uses++;
    } finally {
      lock.unlock();
    }
  }

  void done() {
    lock.lock();
    try {
      uses--;
      lastUsed = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps that the server failed, and tells it in the log. */
  void note(String why) {
    String shown = secrets.mask(why);
    LOG.warn("MCP server {}: {}", config.name(), shown);
    health.failed(shown);
  }

  /** The failure MCP_FAILED of this server, without its secrets. */
  WindlassException failed(String what, @Nullable Throwable cause) {
    return new WindlassException(
        ErrorCode.MCP_FAILED, secrets.mask("MCP server " + config.name() + " " + what), cause);
  }
}
