package io.windlass.definition;

import io.windlass.step.Caveat;
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
 * @param ownBounds what a run's variables make of {@code stepLimit} and {@code timeout}, where a
 *     run may choose them; null where it may not
 * @param caveat what is told besides where the run's values lead to no good end
 */
public record Flow(
    List<Node> nodes,
    Function<State, JsonNode> result,
    int stepLimit,
    @Nullable Duration timeout,
    Reduction reduction,
    @Nullable Function<State, Bounds> ownBounds,
    Caveat caveat) {
  public Flow {
    nodes = List.copyOf(nodes);
  }

  /**
   * What bounds one execution.
   *
   * @param stepLimit how many step visits it may make
   * @param timeout its running time; null for none
   */
  public record Bounds(int stepLimit, @Nullable Duration timeout) {}

  /** What bounds a run with these variables. */
  public Bounds bounds(State state) {
    return ownBounds == null ? new Bounds(stepLimit, timeout) : ownBounds.apply(state);
  }

  /** A flow in whose state the last value of each variable wins. */
  public Flow(
      List<Node> nodes,
      Function<State, JsonNode> result,
      int stepLimit,
      @Nullable Duration timeout) {
    this(nodes, result, stepLimit, timeout, Reduction.REPLACE, null, Caveat.NONE);
  }
}
