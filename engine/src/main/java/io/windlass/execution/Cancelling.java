package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Cancels executions, whether this node runs them, another one, or nobody. */
final class Cancelling {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String node;
  private final ExecutionStore store;
  private final ClaimStore claims;
  private final RunningHere running;
  private final IdleEnding idle;
  private final ExecutionObserver observer;

  Cancelling(
      EngineNode node,
      ExecutionStore store,
      RunningHere running,
      IdleEnding idle,
      ExecutionObserver observer) {
    this.node = node.name();
    this.store = store;
    this.claims = new ClaimStore(node.database());
    this.running = running;
    this.idle = idle;
    this.observer = observer;
  }

  /**
   * Cancels, whoever runs it; returns when that is durable.
   *
   * @throws WindlassException WRONG_STATE when it has ended
   */
  void cancel(ExecutionId id, String by) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean asked = false;
    while (System.nanoTime() < deadline) {
      Runner runner = running.runner(id);
      if (runner != null) {
        runner.cancel(by).join();
        // The runner may have parked or ended instead: the row tells.
        if (store.get(id).execution().status().isFinal()) {
          return;
        }
        continue;
      }
      Execution execution = store.get(id).execution();
      if (asked && execution.status() == ExecutionStatus.CANCELLED) {
        return;
      }
      if (execution.status().isFinal()) {
        throw WindlassException.wrongState(
            "Execution %s has ended already (%s)."
                .formatted(execution.publicId(), execution.status()));
      }
      if (execution.status() == ExecutionStatus.RUNNING) {
        claims.askToCancel(id, by);
        asked = true;
        TimeUnit.MILLISECONDS.sleep(50);
      } else {
        Optional<StoredExecution> taken =
            claims.take(id, execution.epoch(), execution.status(), node);
        if (taken.isPresent()) {
          observer.moved(execution, execution.status(), ExecutionStatus.CANCELLED);
          idle.cancel(taken.get().execution(), by);
          return;
        }
      }
    }
    throw new WindlassException(
        ErrorCode.STORE_UNAVAILABLE,
        "The node that runs execution %s does not answer: it was asked to cancel.".formatted(id));
  }

  /** {@link #cancel} of what may have ended already. */
  void cancelIfUnderWay(ExecutionId id, String by) {
    try {
      cancel(id, by);
    } catch (WindlassException e) {
      if (e.code() != ErrorCode.WRONG_STATE) {
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does what other nodes ask of this one. */
  void heedRequests() {
    for (ClaimStore.CancelRequest request : claims.toCancel(node)) {
      Runner runner = running.runner(request.id());
      if (runner == null) {
        continue;
      }
      String gently = Stopping.askedBy(request.by());
      if (gently == null) {
        runner.cancel(request.by());
      } else {
        runner.stop(gently);
      }
    }
  }
}
