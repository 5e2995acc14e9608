package io.windlass.tool;

import io.windlass.step.ForwardingContext;
import io.windlass.step.State;
import io.windlass.step.StepContext;

/** A step's context with other variables. */
public final class PreparedContext extends ForwardingContext {
  private final State state;

  public PreparedContext(StepContext context, State state) {
    super(context);
    this.state = state;
  }

  @Override
  public State state() {
    return state;
  }
}
