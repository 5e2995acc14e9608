package io.windlass.chain;

import io.windlass.step.Step;
import io.windlass.step.StepKind;
import tools.jackson.databind.node.ObjectNode;

/** The {@code gate} step: waits until a person approves. */
public final class GateKind implements StepKind {
  @Override
  public String name() {
    return "gate";
  }

  @Override
  public boolean isRehearsable() {
    return true;
  }

  @Override
  public Step bind(ObjectNode fields) {
    return new Gate(new ChainStep(fields));
  }
}
