package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Who waits for the ends of executions. */
final class EndWaiters {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  private final ExecutionStore store;
  private final RunningHere running;
  private final ConcurrentHashMap<ExecutionId, Set<CompletableFuture<Void>>> waiters =
      new ConcurrentHashMap<>();

  EndWaiters(ExecutionStore store, RunningHere running) {
    this.store = store;
    this.running = running;
  }

  /** An execution has durably ended on this node. */
  void ended(ExecutionId id) {
    Set<CompletableFuture<Void>> told = waiters.remove(id);
    if (told != null) {
      told.forEach(waiter -> waiter.complete(null));
    }
  }

  /** Waits until the execution has ended; empty when it has not within the time. */
  Optional<Execution> await(ExecutionId id, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    CompletableFuture<Void> end = add(id);
    try {
      while (true) {
        Execution execution = store.get(id).execution();
        if (execution.status().isFinal()) {
          return Optional.of(execution);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return Optional.empty();
        }
        if (end.isDone()) {
          end = add(id);
          continue;
        }
        // An end on another node completes nothing here, so the row is looked at now and then.
        boolean here = running.runner(id) != null;
        waitFor(end, here ? left : Math.min(left, LOOK_AGAIN.toNanos()));
      }
    } finally {
      remove(id, end);
    }
  }

  private CompletableFuture<Void> add(ExecutionId id) {
    CompletableFuture<Void> waiter = new CompletableFuture<>();
    waiters.computeIfAbsent(id, _ -> ConcurrentHashMap.newKeySet()).add(waiter);
    return waiter;
  }

  private void remove(ExecutionId id, CompletableFuture<Void> waiter) {
    waiters.computeIfPresent(
        id,
        (_, known) -> {
          known.remove(waiter);
          return known.isEmpty() ? null : known;
        });
  }

  private static void waitFor(CompletableFuture<Void> end, long nanos) throws InterruptedException {
    try {
      end.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // The caller looks at the row and decides.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
