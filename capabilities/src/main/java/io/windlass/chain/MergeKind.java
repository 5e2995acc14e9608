package io.windlass.chain;

import io.windlass.step.Step;
import io.windlass.step.StepKind;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The {@code merge} step: brings several variables together. */
public final class MergeKind implements StepKind {
  @Override
  public String name() {
    return "merge";
  }

  @Override
  public boolean isRehearsable() {
    return true;
  }

  @Override
  public Step bind(ObjectNode fields) {
    return new Merge(new ChainStep(fields));
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    return new ChainStep(fields).inputs().isEmpty()
        ? List.of("inputs: a merge step needs the names of the variables to merge")
        : List.of();
  }
}
