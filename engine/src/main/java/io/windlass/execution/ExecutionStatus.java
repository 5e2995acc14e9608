package io.windlass.execution;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where an execution stands; the table of DESIGN 3.7, with the moves that are allowed. */
public enum ExecutionStatus {
  QUEUED,
  RUNNING,
  WAITING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  private static final Map<ExecutionStatus, Set<ExecutionStatus>> MOVES =
      Map.of(
          QUEUED, EnumSet.of(RUNNING, CANCELLED),
          RUNNING, EnumSet.of(WAITING, SUCCEEDED, FAILED, CANCELLED),
          WAITING, EnumSet.of(RUNNING, CANCELLED),
          SUCCEEDED, EnumSet.noneOf(ExecutionStatus.class),
          FAILED, EnumSet.of(RUNNING),
          CANCELLED, EnumSet.of(RUNNING));

  public boolean isFinal() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }

  public boolean canBecome(ExecutionStatus next) {
    return moves().contains(next);
  }

  /** The statuses that may come next. */
  public Set<ExecutionStatus> moves() {
    return MOVES.getOrDefault(this, Set.of());
  }
}
