package io.windlass.model;

import io.windlass.step.StepContext;

/** For whom a model is called. */
public sealed interface Payer {
  /**
   * A step of an execution.
   *
   * @param context the step's
   */
  record OfStep(StepContext context) implements Payer {}

  /**
   * A user, outside of any execution.
   *
   * @param name the user's
   */
  record OfUser(String name) implements Payer {}
}
