package io.windlass.chain;

import io.windlass.kernel.Nearest;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The {@code merge} step: brings several variables together. */
public final class MergeKind implements StepKind {
  static final List<String> STRATEGIES =
      List.of("concatenate", "json_array", "llm_summarize", "pick_best");

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
    ChainStep step = new ChainStep(fields);
    List<String> faults = new ArrayList<>();
    if (step.inputs().isEmpty()) {
      faults.add("inputs: a merge step needs the names of the variables to merge");
    }
    if (step.has("strategy") && !STRATEGIES.contains(step.text("strategy"))) {
      faults.add("strategy: " + unknown(step.text("strategy")));
    }
    return faults;
  }

  /** The format lets names through that nothing stands behind. */
  static String unknown(String strategy) {
    return "there is no merge strategy \"%s\": there are %s%s"
        .formatted(strategy, String.join(", ", STRATEGIES), Nearest.hint(strategy, STRATEGIES));
  }
}
