package io.windlass.mcp;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.node.ObjectNode;

/** One server of the settings: its tools, calls of them, and what became of these. */
final class McpConnection implements AutoCloseable {
  private final ServerConfig config;
  private final KeptSession kept;
  private final McpHealth health;

  McpConnection(ServerConfig config, McpSession.Opener opener, InstantSource clock) {
    this.config = config;
    this.kept = new KeptSession(config, opener, clock);
    this.health = kept.health();
  }

  ServerConfig config() {
    return config;
  }

  Secrets secrets() {
    return kept.secrets();
  }

  /** Its tools, from before when it was started before. */
  List<McpTool> tools() throws InterruptedException {
    List<McpTool> known = kept.knownTools();
    return known == null ? kept.get(config.startTimeout().plusSeconds(5)).tools() : known;
  }

  /** Whether it failed so lately that it is not started again yet, and nothing of it is known. */
  boolean isPausing() {
    return kept.isPausing();
  }

  McpServer view() {
    return kept.view();
  }

  /** Stops it when nobody has used it for its time. */
  void stopWhenIdle() {
    kept.stopWhenIdle();
  }

  @Override
  public void close() {
    kept.close();
  }

  /**
   * Calls a tool.
   *
   * @throws WindlassException MCP_FAILED naming the server and what to do
   */
  McpSchema.CallToolResult call(String tool, ObjectNode arguments, Duration atMost)
      throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    McpSession session = kept.get(atMost);
    kept.begin();
    try {
      McpSchema.CallToolResult result =
          session.call(tool, arguments, Duration.ofNanos(until - System.nanoTime()));
      health.well();
      return result;
    } catch (InterruptedException e) {
      throw e;
    } catch (McpError e) {
      health.well();
      throw kept.failed("refused the call of %s: %s".formatted(tool, e.getMessage()), e);
    } catch (CancellingTransport.WrongShape e) {
      health.well();
      throw kept.failed(
          "gave the call of %s %s; whether the call did its work is not known, and the server has to be mended"
              .formatted(tool, e.getMessage()),
          e);
    } catch (McpSession.ServerEnded e) {
      throw kept.failed(
          "ended in the middle of the call of %s (%s); whether the call did its work is not known, and the next call starts the server again"
              .formatted(tool, e.getMessage()),
          e);
    } catch (TimeoutException e) {
      checkAlive(session);
      throw kept.failed(
          "did not answer the call of %s within %d ms; give it more time, or look into the server's log"
              .formatted(tool, atMost.toMillis()),
          e);
    } catch (Exception e) {
      if (Reasons.isTooLong(e)) {
        health.well();
        throw kept.failed(
            "answered the call of %s with %s".formatted(tool, StdioTransport.TOO_LONG), e);
      }
      String why = Reasons.of(config, e);
      kept.drop(session, why);
      throw kept.failed("broke off in the call of %s: %s".formatted(tool, why), e);
    } finally {
      kept.done();
    }
  }

  /** Starts it if needed and asks it for a sign of life. */
  void check() throws InterruptedException {
    try {
      McpSession session = kept.get(config.startTimeout().plusSeconds(5));
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
      kept.note("it does not answer: " + Reasons.of(config, e));
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
            kept.drop(session, "it answers nothing any more");
          }
        });
  }
}
