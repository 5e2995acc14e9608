package io.windlass.step;

/**
 * Ends a run of a step with an outcome from deep within, where the code in between knows nothing of
 * it: that the step must wait for a person before it may go on, say. Whoever runs a step takes the
 * outcome as if the step had returned it.
 */
public final class EarlyOutcome extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient StepOutcome outcome;

  /**
   * @param outcome what the step's run comes to
   * @param why for the journal, where an effect was begun
   */
  public EarlyOutcome(StepOutcome outcome, String why) {
    super(why, null, false, false);
    this.outcome = outcome;
  }

  public StepOutcome outcome() {
    return outcome;
  }
}
