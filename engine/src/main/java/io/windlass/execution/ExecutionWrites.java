package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import io.windlass.step.Usage;
import io.windlass.store.RowWrite;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The writes to execution rows that go along with journal entries. */
final class ExecutionWrites {
  private static final String INSERT =
      """
      INSERT INTO execution (id, public_id, kind, name, version_id, origin, owner, status, input,
        created_at, parent, parent_key, depth, rerun_of, after_run, admission, epoch, node)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;
  private static final String END =
      """
      UPDATE execution SET status = ?, result = ?, error = ?, steps = ?, model = ?,
        input_tokens = ?, output_tokens = ?, cost_usd = ?, finished_at = ?, wake_at = NULL,
        cancel_by = NULL
      WHERE id = ? AND epoch = ?\
      """;
  private static final String PARK =
      """
      UPDATE execution SET status = 'WAITING', node = NULL, steps = ?, model = ?,
        input_tokens = ?, output_tokens = ?, cost_usd = ?,
        wake_at = coalesce(wake_at, ?)
      WHERE id = ? AND epoch = ?\
      """;
  private static final String ASK_TO_CANCEL =
      """
      UPDATE execution SET cancel_by = ?, wake_at = ?
      WHERE id = ? AND status IN ('QUEUED', 'RUNNING', 'WAITING')\
      """;
  private static final String WAKE = "UPDATE execution SET wake_at = ? WHERE id = ?";
  private static final String WAKE_AFTER =
      "UPDATE execution SET wake_at = ? WHERE after_run = ? AND status = 'QUEUED'";

  private ExecutionWrites() {}

  static RowWrite insert(Execution e, NewExecution more) {
    return RowWrite.of(
        INSERT,
        e.id().value(),
        e.publicId(),
        e.kind(),
        e.name(),
        e.versionId(),
        e.origin(),
        e.owner(),
        e.status().name(),
        e.input().toString(),
        e.createdAt().toEpochMilli(),
        e.parent() == null ? null : e.parent().value(),
        more.parentKey(),
        more.depth(),
        e.rerunOf() == null ? null : e.rerunOf().value(),
        more.afterRun() == null ? null : more.afterRun().value(),
        more.admission(),
        e.epoch(),
        e.node());
  }

  static RowWrite end(
      ExecutionId id,
      long epoch,
      ExecutionStatus status,
      @Nullable String result,
      @Nullable String error,
      List<StepView> steps,
      Usage usage,
      Instant at) {
    return RowWrite.of(
        END,
        status.name(),
        result,
        error,
        StepSummary.write(steps),
        usage.model(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.costUsd() == null ? null : usage.costUsd().toPlainString(),
        at.toEpochMilli(),
        id.value(),
        epoch);
  }

  /** Parks; a wake-up that came while the execution was running stays, and is due at once. */
  static RowWrite park(
      ExecutionId id, long epoch, List<StepView> steps, Usage usage, @Nullable Instant wakeAt) {
    return RowWrite.of(
        PARK,
        StepSummary.write(steps),
        usage.model(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.costUsd() == null ? null : usage.costUsd().toPlainString(),
        wakeAt == null ? null : wakeAt.toEpochMilli(),
        id.value(),
        epoch);
  }

  /** Asks the node that runs an execution, or else the next that takes it up, to cancel it. */
  static RowWrite askToCancel(ExecutionId id, String by, Instant now) {
    return RowWrite.of(ASK_TO_CANCEL, by, now.toEpochMilli(), id.value());
  }

  /** Marks an execution as having something to wake for, whatever its status. */
  static RowWrite wake(ExecutionId id, Instant now) {
    return RowWrite.of(WAKE, now.toEpochMilli(), id.value());
  }

  static RowWrite wakeQueuedAfter(ExecutionId id, Instant now) {
    return RowWrite.of(WAKE_AFTER, now.toEpochMilli(), id.value());
  }
}
