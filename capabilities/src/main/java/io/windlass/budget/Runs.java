package io.windlass.budget;

import io.windlass.kernel.ExecutionId;

/** What budgets ask of the engine. */
public interface Runs {
  /** Who runs what in an execution. */
  Origin origin(ExecutionId execution);

  /**
   * Lets a step go on that waits with an open question of the kind {@code budget}.
   *
   * @param key the question's key, or a longer one that ends with {@code /} and it
   * @param why for the question's record
   * @return false when there is no such question: not yet, or not any more
   */
  boolean release(ExecutionId execution, String step, String key, String why);

  /** Whether an execution has ended, or is not there any more. */
  boolean isOver(ExecutionId execution);
}
