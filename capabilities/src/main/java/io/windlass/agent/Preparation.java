package io.windlass.agent;

import io.windlass.step.State;
import io.windlass.step.StepContext;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Runs a step's pre-tools, each at most once per visit of the step. */
@FunctionalInterface
public interface Preparation {
  /**
   * Runs the calls in their order, each with the variables of those before it.
   *
   * @param calls the calls as the document has them
   * @return {@code state} with the variables that the calls set
   * @throws Exception when a call whose failure fails the step has failed
   */
  State run(StepContext context, List<ObjectNode> calls, State state) throws Exception;
}
