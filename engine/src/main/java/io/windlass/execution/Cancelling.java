package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels executions, whether this node runs them, another one, or nobody. */
final class Cancelling {
  /** Who cancels what was started for an execution that does not wait for it any more. */
  static final String BY_PARENT = "its parent";

  private static final Logger log = LoggerFactory.getLogger(Cancelling.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String node;
  private final InstantSource clock;
  private final ExecutionStore store;
  private final ClaimStore claims;
  private final RunningHere running;
  private final IdleEnding idle;
  private final ExecutionObserver observer;

  /** Whether something may go on whose parent was cut short; so it may be after a start. */
  private volatile boolean strays = true;

  Cancelling(
      EngineNode node,
      ExecutionStore store,
      RunningHere running,
      IdleEnding idle,
      ExecutionObserver observer) {
    this.node = node.name();
    this.clock = node.clock();
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
        throw endedAlready(execution);
      }
      if (execution.status() == ExecutionStatus.RUNNING) {
        claims.askToCancel(id, by, clock.instant());
        asked = true;
        TimeUnit.MILLISECONDS.sleep(50);
      } else {
        if (cancelIdle(execution, by)) {
          return;
        }
      }
    }
    throw new WindlassException(
        ErrorCode.STORE_UNAVAILABLE,
        "The node that runs execution %s does not answer: it was asked to cancel.".formatted(id));
  }

  /** Cancels what nobody runs, unless somebody has just taken it up. */
  private boolean cancelIdle(Execution execution, String by) {
    running.takeInHand(execution.id());
    try {
      Optional<StoredExecution> taken =
          claims.take(execution.id(), execution.epoch(), execution.status(), node);
      if (taken.isEmpty()) {
        return false;
      }
      observer.moved(execution, execution.status(), ExecutionStatus.CANCELLED);
      idle.cancel(taken.get().execution(), by);
      return true;
    } finally {
      running.putDown(execution.id());
    }
  }

  /** Says how in words that belong to no surface: each has its own for the same status. */
  static WindlassException endedAlready(Execution execution) {
    String how =
        switch (execution.status()) {
          case SUCCEEDED -> "it has succeeded";
          case FAILED -> "it has failed";
          case CANCELLED -> "it was cancelled";
          case QUEUED, RUNNING, WAITING ->
              throw new IllegalArgumentException(execution.id() + " has not ended");
        };
    return WindlassException.wrongState(
        "Execution %s has ended already: %s.".formatted(execution.publicId(), how));
  }

  /** Cancels what an execution that has ended had started. */
  void cancelChildren(List<ExecutionId> children) {
    for (ExecutionId child : children) {
      try {
        cancel(child, BY_PARENT);
      } catch (WindlassException e) {
        if (e.code() != ErrorCode.WRONG_STATE) {
          strays = true;
          log.warn("Execution {} is still to be cancelled with its parent", child, e);
        }
      } catch (InterruptedException e) {
        strays = true;
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** A node has died, perhaps between an end and the cancelling of what was started under it. */
  void expectStrays() {
    strays = true;
  }

  /** Cancels what goes on although the execution that started it was cut short. */
  void cancelStrays() {
    if (strays) {
      strays = false;
      cancelChildren(claims.strays());
    }
  }

  /** Does what other nodes ask of this one. */
  void heedRequests() {
    for (ClaimStore.CancelRequest request : claims.toCancel(node)) {
      Runner runner = running.runner(request.id());
      if (runner != null) {
        heed(request.by(), runner);
      }
    }
  }

  /** Does what was asked of whoever runs an execution. */
  static void heed(String request, Runner runner) {
    String gently = Stopping.askedBy(request);
    if (gently == null) {
      runner.cancel(request);
    } else {
      runner.stop(gently);
    }
  }
}
