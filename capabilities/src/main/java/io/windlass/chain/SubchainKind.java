package io.windlass.chain;

import io.windlass.step.Step;
import io.windlass.step.StepKind;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The {@code subchain} step: runs another chain as an execution of its own. */
public final class SubchainKind implements StepKind {
  @Override
  public String name() {
    return "subchain";
  }

  @Override
  public boolean isRehearsable() {
    return true;
  }

  @Override
  public Step bind(ObjectNode fields) {
    return new Subchain(new ChainStep(fields));
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    return new ChainStep(fields).has("subchain")
        ? List.of()
        : List.of("subchain: a subchain step needs the name of the chain to run");
  }
}
