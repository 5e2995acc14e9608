package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code subgraph} node: its result is that of another definition, run as an execution of its
 * own.
 *
 * @param name with placeholders
 * @param input null to hand on what this graph was given
 */
record SubgraphNode(String kind, String name, @Nullable Values input) implements Step {
  private static final int MAX_DEPTH = 10;
  private static final List<String> KINDS = List.of("graph", "workflow", "chain", "pipeline");

  static SubgraphNode of(NodeSpec node, Reach reach) {
    String kind = kind(node);
    JsonNode input = node.fields().get("input");
    return new SubgraphNode(
        kind,
        reach.text(node.text(node.has("definition") ? "definition" : kind)),
        input == null ? null : new Values(input, reach));
  }

  /** The fields that name a definition; one of them is needed. */
  static List<String> named(NodeSpec node) {
    List<String> named = new ArrayList<>();
    KINDS.stream().filter(node::has).forEach(named::add);
    if (node.has("definition")) {
      named.add("definition");
    }
    return named;
  }

  private static String kind(NodeSpec node) {
    if (node.has("definition")) {
      return node.has("kind") ? node.text("kind") : GraphKind.NAME;
    }
    return named(node).stream().findFirst().orElse(GraphKind.NAME);
  }

  @Override
  public StepOutcome run(StepContext context) {
    String definition = Template.render(name, context.state()).strip();
    // Each attempt starts a child of its own; a replay of the attempt finds that one again.
    String key = "subgraph-" + context.attempt();
    Optional<ChildResult> child = context.child(key);
    if (child.isPresent()) {
      return ended(definition, child.get());
    }
    if (context.definitionKind().equals(kind) && context.definitionName().equals(definition)) {
      return new StepOutcome.Failed(itself(kind, definition), false);
    }
    if (context.depth() >= MAX_DEPTH) {
      return new StepOutcome.Failed(
          "The %s \"%s\" would be nested deeper than %d executions; look for graphs that run each other"
              .formatted(kind, definition, MAX_DEPTH),
          false);
    }
    return new StepOutcome.RunChild(key, new ChildRequest(kind, definition, input(context)));
  }

  static String itself(String kind, String definition) {
    return "the %s \"%s\" cannot run itself as a part of itself; make a cycle of edges instead"
        .formatted(kind, definition);
  }

  private ObjectNode input(StepContext context) {
    JsonNode given =
        input == null
            ? context.state().find(GraphKind.INPUT).orElseGet(Json::object)
            : input.filled(context.state());
    return given instanceof ObjectNode object ? object : Json.object();
  }

  private StepOutcome ended(String definition, ChildResult child) {
    return child.succeeded()
        ? StepOutcome.done(child.result())
        : new StepOutcome.Failed(
            "The %s \"%s\" (%s) failed: %s"
                .formatted(
                    kind,
                    definition,
                    child.publicId(),
                    child.error() == null ? "no error told" : child.error()),
            true);
  }
}
