package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Placeholder;
import io.windlass.text.Template;
import java.util.List;
import java.util.Optional;
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
    return value.isString() ? text(value.stringValue(), state) : value;
  }

  private static JsonNode text(String text, State state) {
    if (text.startsWith("{") && text.endsWith("}")) {
      List<Placeholder> found = Template.placeholders(text, false);
      if (found.size() == 1 && found.getFirst().end() == text.length()) {
        Optional<JsonNode> value = state.find(found.getFirst().name());
        if (value.isPresent()) {
          return value.get();
        }
      }
    }
    return Json.text(Template.render(text, state));
  }
}
