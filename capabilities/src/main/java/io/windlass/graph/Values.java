package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Template;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON with placeholders in its texts. A text that is one placeholder becomes the variable's value
 * as it is, list or number; in a longer text a placeholder becomes text.
 */
final class Values {
  private final JsonNode template;
  private final Reach reach;

  Values(JsonNode template, Reach reach) {
    this.template = reach.tree(template);
    this.reach = reach;
  }

  JsonNode filled(State state) {
    return filled(template, reach.view(state));
  }

  private static JsonNode filled(JsonNode value, State state) {
    if (value instanceof ObjectNode object) {
      ObjectNode copy = Json.object();
      object
          .properties()
          .forEach(field -> copy.set(field.getKey(), filled(field.getValue(), state)));
      return copy;
    }
    if (value instanceof ArrayNode array) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      array.values().forEach(element -> copy.add(filled(element, state)));
      return copy;
    }
    return value.isString() ? Template.value(value.stringValue(), state) : value;
  }
}
