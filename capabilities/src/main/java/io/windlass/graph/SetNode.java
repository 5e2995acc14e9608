package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@code transform_node} with {@code set}: writes channels from the state. */
final class SetNode implements Step {
  private final Values values;

  SetNode(NodeSpec node, Reach reach) {
    this.values = new Values(node.fields().path("set"), reach);
  }

  @Override
  public StepOutcome run(StepContext context) {
    JsonNode filled = values.filled(context.state());
    ObjectNode written = filled instanceof ObjectNode object ? object : Json.object();
    Map<String, JsonNode> set = new LinkedHashMap<>();
    written.properties().forEach(field -> set.put(field.getKey(), field.getValue()));
    return new StepOutcome.Done(written, set, Set.of());
  }
}
