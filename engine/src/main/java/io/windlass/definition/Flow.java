package io.windlass.definition;

import io.windlass.step.State;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What every definition compiles to: nodes that become ready through triggers. Lives in memory
 * only; it is compiled from the pinned version of its definition whenever it is needed.
 *
 * @param nodes in the order of the document
 * @param result the execution's result, read from the final state
 * @param stepLimit how many step visits one execution may make; bounds cycles
 * @param timeout bounds the whole execution's running time; null for none
 * @param reduction how what steps set becomes part of the state
 */
public record Flow(
    List<Node> nodes,
    Function<State, JsonNode> result,
    int stepLimit,
    @Nullable Duration timeout,
    Reduction reduction) {
  public Flow {
    nodes = List.copyOf(nodes);
  }

  /** A flow in whose state the last value of each variable wins. */
  public Flow(
      List<Node> nodes,
      Function<State, JsonNode> result,
      int stepLimit,
      @Nullable Duration timeout) {
    this(nodes, result, stepLimit, timeout, Reduction.REPLACE);
  }
}
