package io.windlass.execution;

import io.windlass.approval.Decision;
import io.windlass.kernel.ExecutionId;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What a runner needs of the house around it. */
interface RunnerPort {
  InstantSource clock();

  UUID newId();

  /** From 0 to 1, for jitter. */
  double random();

  OutputFlusher flusher();

  /** Runs the action after a delay, on a shared thread: it must only pass a message on. */
  Future<?> after(Duration delay, Runnable action);

  /** {@link #after} for a time in which nothing happens: before a retry, or while a step sleeps. */
  default Future<?> pause(Duration delay, Runnable action) {
    return after(delay, action);
  }

  /**
   * Starts the child of a step's question, or finds the one that was started before; one that had
   * failed is resumed.
   */
  Execution child(Execution parent, int depth, String key, ChildRequest request)
      throws InterruptedException;

  /**
   * The child of a step's question if it was started before and neither failed nor was cancelled.
   */
  Optional<Execution> childUnderWay(Execution parent, String key);

  /** Tells children to begin nothing new, and so on down to the last of theirs. */
  void stop(List<ExecutionId> children, String by);

  /** How a child ended; empty while it has not. */
  Optional<ChildResult> childResult(ExecutionId child);

  /** Cancels children that nobody waits for any more. */
  void giveUp(List<ExecutionId> children);

  /** How an approval was decided; empty while it has not been. */
  Optional<Decision> decision(UUID approval);

  /**
   * Takes away the mark that something has come. Only who runs the execution does it, and looks
   * afterwards: somebody else might take it from a runner that has looked and is about to park.
   */
  void clearWake(ExecutionId execution);

  /** The execution is durably ended. */
  void ended(Execution execution, ExecutionStatus status, List<ExecutionId> children);

  /** The runner holds the execution no more: it ended, waits ({@code parked}), or was let go. */
  void left(Runner runner, boolean parked);

  /** Why no new step may begin; null while they may. */
  @Nullable String draining();
}
