package io.windlass.definition;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How what a step sets becomes part of the state. Applied in the order of the journal, while an
 * execution runs and when it is recovered alike: the same calls give the same state.
 */
@FunctionalInterface
public interface Reduction {
  /** The last value of each variable wins. */
  Reduction REPLACE = State::with;

  /** The state once a finished step has set these variables. */
  State apply(State state, Map<String, JsonNode> set);

  /** The state once a step was skipped whose output this variable would have taken. */
  default State skipped(State state, String output) {
    return state.with(output, Json.text(""));
  }
}
