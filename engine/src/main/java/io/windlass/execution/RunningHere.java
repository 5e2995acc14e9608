package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The executions that run on this node, and whether more may. */
final class RunningHere {
  private final ConcurrentHashMap<ExecutionId, Runner> runners = new ConcurrentHashMap<>();

  /** What this node took that has no runner, and how many take it: it is taken up, or ended. */
  private final ConcurrentHashMap<ExecutionId, Integer> inHand = new ConcurrentHashMap<>();

  private volatile @Nullable String draining;

  @Nullable Runner runner(ExecutionId id) {
    return runners.get(id);
  }

  int count(Set<String> kinds) {
    return (int)
        runners.values().stream()
            .filter(runner -> kinds.isEmpty() || kinds.contains(runner.execution().kind()))
            .count();
  }

  /** Knows an execution; a new one from before its row is there, so that no look takes it. */
  void add(Runner runner) {
    runners.put(runner.execution().id(), runner);
  }

  void remove(Runner runner) {
    runners.remove(runner.execution().id(), runner);
  }

  /** From before an execution is taken until it has a runner or has ended. */
  void takeInHand(ExecutionId id) {
    inHand.merge(id, 1, Integer::sum);
  }

  void putDown(ExecutionId id) {
    inHand.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Whether what stands as running here is somebody's, so that nobody else needs to take it up. */
  boolean holds(ExecutionId id) {
    // In this order: what is put down has its runner already.
    return inHand.containsKey(id) || runners.containsKey(id);
  }

  /** Forgets who ran an execution that has ended under an epoch. */
  void removeEnded(Execution execution) {
    runners.computeIfPresent(
        execution.id(), (_, runner) -> runner.epoch() == execution.epoch() ? null : runner);
  }

  /** Why nothing more may begin; null while it may. */
  @Nullable String draining() {
    return draining;
  }

  void checkNotDraining() {
    String why = draining;
    if (why != null) {
      throw new WindlassException(ErrorCode.SHUTTING_DOWN, why);
    }
  }

  /** Begins nothing more, waits for running steps, then interrupts the rest. */
  void drain(Duration atMost) {
    draining = "The server is stopping: try again soon.";
    runners.values().forEach(runner -> runner.drain(false));
    awaitNone(atMost);
    runners.values().forEach(runner -> runner.drain(true));
    awaitNone(Duration.ofSeconds(3));
  }

  /** Stops at once, as a killed process does. */
  void abandon() {
    draining = "The server was killed.";
    runners.values().forEach(runner -> runner.drain(true));
  }

  private void awaitNone(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    try {
      while (!runners.isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
