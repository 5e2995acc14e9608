package io.windlass.definition;

import io.windlass.step.State;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes a node ready when all its sources have finished since it last fired and its condition
 * holds.
 *
 * @param sources ids of nodes; none for a trigger that fires once, when the execution begins
 * @param condition asked once, when the last source finished
 */
public record Trigger(Set<String> sources, Predicate<State> condition) {
  public Trigger {
    sources = Set.copyOf(sources);
  }

  /** All of these, whatever the state. */
  public static Trigger after(Set<String> sources) {
    return new Trigger(sources, state -> true);
  }
}
