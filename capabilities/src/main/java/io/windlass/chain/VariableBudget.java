package io.windlass.chain;

import io.windlass.step.Step;

/** Makes steps keep a chain's variables within {@code max_context_chars}. */
@FunctionalInterface
public interface VariableBudget {
  /** Keeps nothing within anything. */
  VariableBudget NONE = (characters, step, output) -> step;

  /**
   * The step, after which the variables together have at most so many characters where that can be
   * reached.
   *
   * @param output the variable that takes the step's output
   */
  Step within(int characters, Step step, String output);
}
