package io.windlass.step;

/**
 * One kind of work bound to one node of a flow. Implementations are immutable and hold no state of
 * a run. After a crash or a wait the step is run again from its beginning: what it did through
 * {@link StepContext#once} is not repeated but answered from the journal.
 */
@FunctionalInterface
public interface Step {
  /**
   * Runs once on a virtual thread of its own; interrupted on cancel and time-out.
   *
   * @throws Exception any failure; its message becomes the step's error
   */
  StepOutcome run(StepContext context) throws Exception;
}
