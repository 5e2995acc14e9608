package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cancels executions gracefully, whoever runs them: what has begun goes on to its end. */
final class Stopping {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Before the name of who asks, where another node reads it. */
  private static final String GENTLY = "gently:";

  private final ClaimStore claims;
  private final ExecutionStore store;
  private final RunningHere running;
  private final Takeover takeover;
  private final Cancelling cancelling;

  Stopping(
      Database database,
      ExecutionStore store,
      RunningHere running,
      Takeover takeover,
      Cancelling cancelling) {
    this.claims = new ClaimStore(database);
    this.store = store;
    this.running = running;
    this.takeover = takeover;
    this.cancelling = cancelling;
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
        case SUCCEEDED, FAILED, CANCELLED ->
            throw WindlassException.wrongState(
                "Execution %s has ended already (%s)."
                    .formatted(execution.publicId(), execution.status()));
        case QUEUED -> {
          cancelling.cancel(id, by);
          return;
        }
        case WAITING -> {
          if (takeover.takeUpAndStop(stored, by)) {
            return;
          }
        }
        case RUNNING -> {
          claims.askToCancel(id, GENTLY + by);
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
