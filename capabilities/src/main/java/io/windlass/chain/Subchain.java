package io.windlass.chain;

import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Excerpt;
import io.windlass.text.Template;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One subchain step: its output is the result of the chain that it runs. */
final class Subchain implements Step {
  private static final int MAX_DEPTH = 10;
  private final ChainStep step;

  Subchain(ChainStep step) {
    this.step = step;
  }

  @Override
  public StepOutcome run(StepContext context) {
    String chain = Template.render(step.text("subchain"), context.state()).strip();
    // Each attempt starts a child of its own; a replay of the attempt finds that one again.
    String key = "subchain-" + context.attempt();
    Optional<ChildResult> child = context.child(key);
    if (child.isPresent()) {
      return ended(chain, child.get());
    }
    String fault = fault(chain, context);
    if (!fault.isEmpty()) {
      return new StepOutcome.Failed("Step \"%s\": %s".formatted(step.id(), fault), false);
    }
    return new StepOutcome.RunChild(
        key, new ChildRequest(ChainKind.NAME, chain, input(context.state())));
  }

  private static String fault(String chain, StepContext context) {
    String nameFault = Reader.nameFault(chain);
    if (chain.isEmpty()) {
      return "the field subchain is missing; name the chain to run";
    }
    if (nameFault != null) {
      return "\"%s\" is no chain name: %s".formatted(Excerpt.of(chain, 80), nameFault);
    }
    if (context.definitionKind().equals(ChainKind.NAME) && context.definitionName().equals(chain)) {
      return "the chain \"%s\" cannot run itself as a subchain".formatted(chain);
    }
    if (context.depth() >= MAX_DEPTH) {
      return "the subchain \"%s\" would be nested deeper than %d executions; look for chains that run each other"
          .formatted(chain, MAX_DEPTH);
    }
    return "";
  }

  private StepOutcome ended(String chain, ChildResult child) {
    return child.succeeded()
        ? StepOutcome.done(Json.show(child.result()))
        : new StepOutcome.Failed(
            "Subchain \"%s\" (%s) failed: %s"
                .formatted(
                    chain,
                    child.publicId(),
                    child.error() == null ? "no error told" : child.error()),
            true);
  }

  private ObjectNode input(State state) {
    ObjectNode input = Json.object();
    JsonNode map = step.fields().get("subchain_input_map");
    if (map != null) {
      map.properties()
          .forEach(field ->
              input.put(field.getKey(), Template.render(Json.show(field.getValue()), state)));
      return input;
    }
    state
        .texts()
        .forEach((name, value) -> {
          // The child makes its own input.x of each x.
          if (!name.startsWith("input.")) {
            input.put(name, value);
          }
        });
    return input;
  }
}
