package io.windlass.chain;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One merge step: the values of its inputs, joined by rules or as a JSON list. */
final class Merge implements Step {
  private static final String RULE = "\n\n---\n\n";
  private final ChainStep step;

  Merge(ChainStep step) {
    this.step = step;
  }

  @Override
  public StepOutcome run(StepContext context) {
    if (step.inputs().isEmpty()) {
      return failed("needs inputs: a list of the variables to merge");
    }
    List<String> values = new ArrayList<>();
    for (String input : step.inputs()) {
      values.add(value(input, context.state()));
    }
    String strategy = step.has("strategy") ? step.text("strategy") : "concatenate";
    return switch (strategy) {
      case "concatenate" -> StepOutcome.done(ruled(values));
      case "json_array" -> StepOutcome.done(Json.write(values));
      default ->
          failed(
              MergeKind.STRATEGIES.contains(strategy)
                  ? "the merge strategy \"%s\" needs a model; use concatenate or json_array"
                      .formatted(strategy)
                  : MergeKind.unknown(strategy));
    };
  }

  private StepOutcome failed(String reason) {
    return new StepOutcome.Failed("Step \"%s\": %s".formatted(step.id(), reason), false);
  }

  /** An input names a variable; one written as {@code {variable}} means the same. */
  static String value(String input, State state) {
    return input.indexOf('{') >= 0 ? Template.render(input, state) : state.text(input);
  }

  /** The values that are not empty, with a rule between two. */
  static String ruled(List<String> values) {
    return values.stream().filter(value -> !value.isBlank()).collect(Collectors.joining(RULE));
  }
}
