package io.windlass.surface.compute;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing that happened, in the words of this surface.
 *
 * @param id unique within its execution and the same whenever it is told
 * @param name as {@code step_started}
 * @param at when
 * @param data what clients get; begins with {@code execution_id}
 */
record ComputeEvent(String id, String name, Instant at, ObjectNode data) {
  static final String COMPLETED = "execution_completed";
  static final String FAILED = "execution_failed";

  /** Whether nothing comes after it. */
  boolean isEnd() {
    return name.equals(COMPLETED) || name.equals(FAILED);
  }
}
