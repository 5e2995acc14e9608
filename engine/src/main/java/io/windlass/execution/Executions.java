package io.windlass.execution;

import io.windlass.journal.Entry;
import io.windlass.journal.Tail;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Page;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that can be asked of executions. */
public interface Executions {
  /**
   * Accepts an execution: when this returns it is durable and on its way.
   *
   * @throws io.windlass.kernel.WindlassException DEFINITION_NOT_FOUND, INVALID_DEFINITION,
   *     INVALID_INPUT, IDEMPOTENCY_MISMATCH, TOO_MANY_EXECUTIONS, STORE_UNAVAILABLE, SHUTTING_DOWN
   */
  Execution start(StartRequest request);

  /** By engine id or by any public id. */
  Optional<Execution> find(String anyId);

  Execution get(ExecutionId id);

  /** The step of its parent that started it; empty when none did. */
  Optional<String> startedBy(ExecutionId id);

  /** With every step and its output. */
  ExecutionDetail detail(ExecutionId id);

  /** Newest first, by cursor. */
  Page<Execution> list(ExecutionFilter filter, @Nullable String cursor, int limit);

  /** Newest first, by offset, each with its steps but without their outputs. */
  List<ExecutionDetail> recent(ExecutionFilter filter, int limit, long offset);

  /** A part of the journal: entries with greater numbers, at most {@code limit}. */
  List<Entry> entries(ExecutionId id, long afterNumber, int limit);

  /** Catches up from after a journal number (0: from the beginning), then follows. */
  Tail tail(ExecutionId id, long afterNumber);

  /** Waits until the execution has ended; empty when it has not within the time. */
  Optional<Execution> awaitEnd(ExecutionId id, Duration atMost) throws InterruptedException;

  /**
   * Cancels; returns when the execution is durably cancelled.
   *
   * @throws io.windlass.kernel.WindlassException WRONG_STATE when it has ended already
   */
  Execution cancel(ExecutionId id, String by);

  /**
   * Cancels gracefully: nothing new begins, steps that run go on to their end, then the execution
   * is cancelled. What waits for a person or a time is cut short, and all of it goes for executions
   * that its steps wait for, too. Returns when it is durable for this one.
   *
   * @throws io.windlass.kernel.WindlassException WRONG_STATE when it has ended already
   */
  Execution stop(ExecutionId id, String by);

  /**
   * Goes on with a failed or cancelled execution from its last durable step, pinned definition.
   *
   * @param limit refuses it when its group is full; null for no limit
   * @throws io.windlass.kernel.WindlassException WRONG_STATE when it runs or has succeeded; a
   *     waiting one is returned as it is; TOO_MANY_EXECUTIONS
   */
  Execution resume(ExecutionId id, String by, @Nullable AdmissionLimit limit);

  /** The same without a limit. */
  default Execution resume(ExecutionId id, String by) {
    return resume(id, by, null);
  }

  /**
   * Repeats an ended execution as a new one.
   *
   * @throws io.windlass.kernel.WindlassException WRONG_STATE when it has not ended;
   *     TOO_MANY_EXECUTIONS
   */
  Execution rerun(ExecutionId id, Rerun rerun);

  /** How many executions of these kinds run on this node now, waiting ones left out. */
  int running(Set<String> kinds);
}
