package io.windlass.graph;

import io.windlass.definition.InputField;
import io.windlass.definition.Outline;
import io.windlass.kernel.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A graph as its document has it, free of faults.
 *
 * @param fields those of the document that stand for themselves: names, tags, schemas, output
 * @param channels declared ones, and those that nodes write without a declaration
 * @param limit how many visits of nodes one run may make
 * @param circular whether nodes can be visited again
 */
record GraphDocument(
    ObjectNode fields,
    Channels channels,
    List<NodeSpec> nodes,
    List<Arc> arcs,
    int limit,
    boolean circular,
    @Nullable JsonForm inputForm,
    @Nullable JsonForm outputForm) {

  String title() {
    String display = text("display_name");
    return display.isEmpty() ? text("name") : display;
  }

  String text(String field) {
    return Json.show(fields.get(field));
  }

  @Nullable ObjectNode object(String field) {
    return fields.get(field) instanceof ObjectNode object ? object : null;
  }

  @Nullable Duration timeout() {
    double seconds = fields.path("timeout").asDouble(0);
    return seconds <= 0 ? null : Duration.ofMillis(NodeSpec.millis(seconds));
  }

  /** What placeholders can reach into. */
  Set<String> roots() {
    return roots(channels.byName().keySet(), fields);
  }

  static Set<String> roots(Set<String> channels, JsonNode fields) {
    Set<String> roots = new HashSet<>(channels);
    roots.add(GraphKind.INPUT);
    roots.addAll(fields.path("input_schema").path("properties").propertyNames());
    return roots;
  }

  Outline outline() {
    return new Outline(
        title(), optional("description"), optional("version"), nodes.size(), inputs());
  }

  private @Nullable String optional(String field) {
    String text = text(field);
    return text.isEmpty() ? null : text;
  }

  private List<InputField> inputs() {
    JsonNode schema = fields.path("input_schema");
    Set<String> required = new HashSet<>(NodeSpec.places(schema.path("required")));
    List<InputField> inputs = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      if (property.getValue() instanceof ObjectNode rules) {
        String type = Json.show(rules.get("type"));
        String description = Json.show(rules.get("description"));
        inputs.add(
            new InputField(
                property.getKey(),
                type.isEmpty() ? "any" : type,
                description.isEmpty() ? null : description,
                required.contains(property.getKey()),
                rules.get("default"),
                rules));
      }
    }
    return inputs;
  }
}
