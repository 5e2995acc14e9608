package io.windlass.step;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A step kind that says what another one says, for those who put something around its steps. */
public abstract class ForwardingKind implements StepKind {
  private final StepKind kind;

  protected ForwardingKind(StepKind kind) {
    this.kind = kind;
  }

  @Override
  public String name() {
    return kind.name();
  }

  @Override
  public Step bind(ObjectNode fields) {
    return kind.bind(fields);
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    return kind.faults(fields);
  }

  @Override
  public List<String> warnings(ObjectNode fields) {
    return kind.warnings(fields);
  }

  @Override
  public boolean timesItsCalls() {
    return kind.timesItsCalls();
  }

  @Override
  public boolean isRehearsable() {
    return kind.isRehearsable();
  }
}
