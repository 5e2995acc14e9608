package io.windlass.workflow;

import io.windlass.definition.InputField;
import io.windlass.kernel.Json;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One input of a workflow.
 *
 * @param type a type of JSON Schema, or {@code any}
 * @param defaultValue taken when the input is missing; null for none
 * @param validation rules of JSON Schema, as {@code enum}, {@code minimum}, {@code pattern}, under
 *     these names
 */
public record WorkflowField(
    String name,
    String type,
    boolean required,
    @Nullable String description,
    @Nullable JsonNode defaultValue,
    ObjectNode validation) {
  /** Values of every type will do. */
  static final String ANY = "any";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("text", "string"),
          Map.entry("str", "string"),
          Map.entry("textarea", "string"),
          Map.entry("select", "string"),
          Map.entry("file", "string"),
          Map.entry("float", "number"),
          Map.entry("int", "integer"),
          Map.entry("bool", "boolean"),
          Map.entry("list", "array"),
          Map.entry("dict", "object"),
          Map.entry("json", "object"));

  private static final Map<String, String> RULES =
      Map.of(
          "min", "minimum",
          "max", "maximum",
          "min_length", "minLength",
          "max_length", "maxLength",
          "options", "enum",
          "choices", "enum",
          "regex", "pattern");

  /** A field as the document has it. */
  static WorkflowField of(JsonNode fields) {
    String named = Json.show(fields.get("type")).toLowerCase(Locale.ROOT);
    String type = named.isEmpty() ? "string" : TYPES.getOrDefault(named, named);
    ObjectNode validation = Json.object();
    for (Map.Entry<String, JsonNode> rule : fields.path("validation").properties()) {
      if (!rule.getValue().isNull()) {
        validation.set(RULES.getOrDefault(rule.getKey(), rule.getKey()), rule.getValue());
      }
    }
    for (String choices : new String[] {"enum", "options"}) {
      if (fields.path(choices).isArray() && !validation.has("enum")) {
        validation.set("enum", fields.get(choices));
      }
    }
    String description = Json.show(fields.get("description"));
    JsonNode standard = fields.get("default");
    return new WorkflowField(
        Json.show(fields.get("name")),
        type,
        fields.path("required").asBoolean(false),
        description.isEmpty() ? null : description,
        standard == null || standard.isNull() ? null : standard,
        validation);
  }

  /** A property of a JSON Schema as a field. */
  static WorkflowField ofProperty(String name, JsonNode schema, boolean required) {
    ObjectNode fields = Json.object().put("name", name).put("required", required).put("type", ANY);
    ObjectNode validation = fields.putObject("validation");
    for (Map.Entry<String, JsonNode> rule : schema.properties()) {
      switch (rule.getKey()) {
        case "type", "description", "default" -> fields.set(rule.getKey(), rule.getValue());
        default -> validation.set(rule.getKey(), rule.getValue());
      }
    }
    return of(fields);
  }

  /** The field as clients of the API see it. */
  public ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("name", name)
            .put("type", type)
            .put("required", required)
            .put("description", description == null ? "" : description);
    if (!validation.isEmpty()) {
      json.set("validation", validation);
    }
    json.set("default", defaultValue == null ? Json.tree(null) : defaultValue);
    return json;
  }

  /** The property of a JSON Schema that says the same. */
  ObjectNode property() {
    ObjectNode property = Json.object();
    if (!type.equals(ANY)) {
      property.put("type", type);
    }
    validation.properties().forEach(rule -> property.set(rule.getKey(), rule.getValue()));
    if (description != null) {
      property.put("description", description);
    }
    if (defaultValue != null) {
      property.set("default", defaultValue);
    }
    return property;
  }

  InputField outline() {
    return new InputField(
        name, type, description, required, defaultValue, validation.isEmpty() ? null : validation);
  }
}
