package io.windlass.approval;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Page;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The one inbox of questions to people. */
public interface Approvals {
  /** The kind of questions that no step waits for. */
  String REQUEST = "request";

  /**
   * Oldest first.
   *
   * @param open true for open ones, false for decided ones, null for both
   * @param kind the definition kind of the asking execution; null for any
   * @param within the execution that asks, itself or through what it started, at any depth; null
   *     for any
   */
  Page<Approval> list(
      @Nullable Boolean open,
      @Nullable String kind,
      @Nullable ExecutionId within,
      @Nullable String cursor,
      int limit);

  /** The same of every execution. */
  default Page<Approval> list(
      @Nullable Boolean open, @Nullable String kind, @Nullable String cursor, int limit) {
    return list(open, kind, null, cursor, limit);
  }

  /** How many wait for an answer. */
  long countOpen();

  Optional<Approval> find(UUID id);

  /** The open question of a step of an execution. */
  Optional<Approval> findOpen(ExecutionId execution, String step);

  /**
   * Opens a question that no step waits for, once per execution, step and key; it outlives its
   * execution.
   *
   * @param question of the kind {@link #REQUEST}
   * @return the question as it stands, an earlier one of the same key among them
   */
  Approval request(Approval question);

  /**
   * Decides, once: the first decision wins, and the execution goes on by itself.
   *
   * @param from the surface that the decision came through
   * @throws io.windlass.kernel.WindlassException APPROVAL_NOT_FOUND, ALREADY_DECIDED, or
   *     INVALID_INPUT for a choice that is not among the options
   */
  Approval decide(UUID id, String choice, String by, String from, @Nullable String reason);

  /**
   * Closes a question that need not be answered any more, with no option taken; the execution that
   * waits goes on by itself.
   *
   * @param by what made it needless
   * @return false when it was decided before
   */
  boolean withdraw(UUID id, String by, String reason);
}
