package io.windlass.chain;

import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Excerpt;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** One reference of a pipeline: runs its chain and takes over its result. */
final class RunChain implements Step {
  private static final int SHORT = 500;
  private static final int MAX_RESULT = 100_000;
  private final ChainReference reference;
  private final List<InputSpec> inputs;

  RunChain(ChainReference reference, List<InputSpec> inputs) {
    this.reference = reference;
    this.inputs = inputs;
  }

  @Override
  public StepOutcome run(StepContext context) {
    String key = "chain-" + context.attempt();
    Optional<ChildResult> child = context.child(key);
    if (child.isEmpty()) {
      return new StepOutcome.RunChild(
          key, new ChildRequest(ChainKind.NAME, reference.chain(), input(context.state())));
    }
    ChildResult ended = child.get();
    if (!ended.succeeded()) {
      return new StepOutcome.Failed(
          "Chain \"%s\" (%s) failed: %s"
              .formatted(
                  reference.chain(),
                  ended.publicId(),
                  ended.error() == null ? "no error told" : ended.error()),
          true);
    }
    return StepOutcome.done(shortened(Json.show(ended.result()), context));
  }

  private ObjectNode input(State state) {
    ObjectNode input = Json.object();
    if (reference.inputs().isObject()) {
      reference
          .inputs()
          .properties()
          .forEach(field ->
              input.put(
                  field.getKey(), PipelineTemplate.render(Json.show(field.getValue()), state)));
      return input;
    }
    for (InputSpec spec : inputs) {
      String name = "input." + spec.name();
      if (state.has(name)) {
        input.put(spec.name(), state.text(name));
      }
    }
    return input;
  }

  private String shortened(String result, StepContext context) {
    int threshold = reference.summaryThreshold();
    String text = result;
    if (threshold > 0 && text.length() > SHORT && text.length() > threshold) {
      text =
          "%s\n\n[… cut from %d characters; a summary needs a language model]"
              .formatted(Excerpt.head(text, threshold), result.length());
    }
    text = Excerpt.head(text, MAX_RESULT);
    if (text.length() < result.length()) {
      context.log(
          LogLevel.INFO,
          "The result of \"%s\" was cut from %d to %d characters"
              .formatted(reference.id(), result.length(), text.length()));
    }
    return text;
  }
}
