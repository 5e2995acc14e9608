package io.windlass.step;

import tools.jackson.databind.JsonNode;

/** How an interrupted effect (begun, no result known: it may have happened) is settled. */
public sealed interface OnRecovery {
  /** Do it again: reads, model calls, gathering, and what the receiver deduplicates by key. */
  record Repeat() implements OnRecovery {}

  /**
   * Ask a person: run again, take as done, or fail. For mail, messages, commits, pushes, clicks.
   */
  record Ask() implements OnRecovery {}

  /** Fail the step. */
  record Fail() implements OnRecovery {}

  /**
   * Take this as the effect's result, as a tool call inside an agent loop does.
   *
   * @param result what {@link StepContext#once} returns
   */
  record Answer(JsonNode result) implements OnRecovery {}
}
