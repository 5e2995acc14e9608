package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels executions gracefully, whoever runs them: what runs goes on to its end. */
final class Stopping {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Before the name of who asks, where another node reads it. */
  private static final String GENTLY = "gently:";

  private static final Logger log = LoggerFactory.getLogger(Stopping.class);

  private final ClaimStore claims;
  private final InstantSource clock;
  private final ExecutionStore store;
  private final RunningHere running;
  private final Takeover takeover;
  private final Cancelling cancelling;

  /** Children that could not be told, and by whom they are to be. */
  private final Map<ExecutionId, String> untold = new ConcurrentHashMap<>();

  Stopping(
      EngineNode node,
      ExecutionStore store,
      RunningHere running,
      Takeover takeover,
      Cancelling cancelling) {
    this.claims = new ClaimStore(node.database());
    this.clock = node.clock();
    this.store = store;
    this.running = running;
    this.takeover = takeover;
    this.cancelling = cancelling;
  }

  /** Tells the children of an execution that is to end, each of which tells its own. */
  void passOn(List<ExecutionId> children, String by) {
    for (ExecutionId child : children) {
      try {
        stop(child, by);
      } catch (WindlassException e) {
        if (e.code() != ErrorCode.WRONG_STATE) {
          untold.put(child, by);
          log.warn("Execution {} is still to be told to stop with its parent: {}", child, e.text());
        }
      } catch (InterruptedException e) {
        untold.put(child, by);
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Tells those that could not be told before. */
  void passOnAgain() {
    for (ExecutionId child : List.copyOf(untold.keySet())) {
      String by = untold.remove(child);
      if (by != null) {
        Thread.startVirtualThread(() -> passOn(List.of(child), by));
      }
    }
  }

  /** Who asks for a graceful end; null when the request is for an end at once. */
  static @Nullable String askedBy(String request) {
    return request.startsWith(GENTLY) ? request.substring(GENTLY.length()) : null;
  }

  /**
   * Returns when it is durable that nothing new begins.
   *
   * @throws WindlassException WRONG_STATE when it has ended
   */
  void stop(ExecutionId id, String by) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Runner runner = running.runner(id);
      if (runner != null) {
        if (runner.stop(by).join()) {
          return;
        }
        // It parked or ended before it heard.
        continue;
      }
      StoredExecution stored = store.get(id);
      Execution execution = stored.execution();
      switch (execution.status()) {
        case SUCCEEDED, FAILED, CANCELLED -> throw Cancelling.endedAlready(execution);
        case QUEUED -> {
          cancelling.cancel(id, by);
          return;
        }
        case WAITING -> {
          running.checkNotDraining();
          if (takeover.takeUpAndStop(stored, by)) {
            return;
          }
        }
        case RUNNING -> {
          claims.askToCancel(id, GENTLY + by, clock.instant());
          return;
        }
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new WindlassException(
        ErrorCode.STORE_UNAVAILABLE,
        "Execution %s could not be told to stop: try again.".formatted(id));
  }
}
