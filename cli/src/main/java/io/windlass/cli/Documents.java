package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as trees: the command line binds no classes, which keeps its start short. */
final class Documents {
  static final int MAX_BYTES = 64 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxStringLength(MAX_BYTES)
                          .build())
                  .build())
          .build();

  private Documents() {}

  /** Throws Jackson's exception on text that is no JSON. */
  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  static String write(JsonNode value) {
    return MAPPER.writeValueAsString(value);
  }

  static String pretty(JsonNode value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static JsonNode string(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A field as people see it: strings raw, absent and null empty, the rest as JSON. */
  static String show(@Nullable JsonNode value) {
    if (value == null || value.isNull() || value.isMissingNode()) {
      return "";
    }
    return value.isString() ? value.stringValue() : write(value);
  }

  static String text(JsonNode object, String field) {
    return show(object.get(field));
  }

  /** A whole number, or null when the field is absent or is none. */
  static @Nullable Long number(JsonNode object, String field) {
    JsonNode value = object.get(field);
    return value != null && value.isNumber() ? Long.valueOf(value.longValue()) : null;
  }
}
