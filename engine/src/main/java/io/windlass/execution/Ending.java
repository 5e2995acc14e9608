package io.windlass.execution;

import io.windlass.approval.ApprovalStore;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.store.RowWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that change with an execution's last event. */
final class Ending {
  /** What starts executions that others may be queued behind. */
  static final String BY_SCHEDULE = "schedule";

  private Ending() {}

  static List<RowWrite> writes(
      Execution execution, long epoch, Progress progress, Event event, Instant now) {
    String result = null;
    String error = null;
    ExecutionStatus status;
    switch (event) {
      case Event.ExecutionSucceeded(var value) -> {
        status = ExecutionStatus.SUCCEEDED;
        result = value.toString();
      }
      case Event.ExecutionFailed(String why) -> {
        status = ExecutionStatus.FAILED;
        error = why;
      }
      case Event.ExecutionCancelled(String by) -> {
        status = ExecutionStatus.CANCELLED;
        error = "Cancelled by " + by;
      }
      default -> throw new IllegalArgumentException("not an end: " + event);
    }
    List<RowWrite> writes = new ArrayList<>();
    ExecutionId id = execution.id();
    writes.add(
        ExecutionWrites.end(
            id, epoch, status, result, error, progress.views(false), progress.usage(), now));
    if (progress.isWaiting() || status == ExecutionStatus.CANCELLED) {
      writes.add(ApprovalStore.close(id, closedBy(status), "the execution has ended", now));
    }
    @Nullable ExecutionId parent = execution.parent();
    if (parent != null) {
      writes.add(ExecutionWrites.wake(parent, now));
    }
    if (execution.origin().equals(BY_SCHEDULE)) {
      writes.add(ExecutionWrites.wakeQueuedAfter(id, now));
    }
    return writes;
  }

  /** Takes back what an execution asks that is to end as cancelled. */
  static RowWrite closing(ExecutionId execution, Instant now) {
    return ApprovalStore.close(
        execution, closedBy(ExecutionStatus.CANCELLED), "the execution is to end", now);
  }

  private static String closedBy(ExecutionStatus status) {
    return status == ExecutionStatus.CANCELLED ? "cancel" : "end";
  }
}
