package io.windlass.surface.unified;

import io.windlass.kernel.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Puts together the schema of a tool's arguments. */
final class McpSchemas {
  private final ObjectNode schema = Json.object().put("type", "object");
  private final ObjectNode properties = schema.putObject("properties");

  static McpSchemas none() {
    return new McpSchemas();
  }

  static McpSchemas of(String name, String type, String description) {
    return new McpSchemas().and(name, type, description);
  }

  /** An argument that a call cannot do without. */
  McpSchemas and(String name, String type, String description) {
    schema.withArray("required").add(name);
    return maybe(name, type, description);
  }

  McpSchemas maybe(String name, String type, String description) {
    properties.putObject(name).put("type", type).put("description", description);
    return this;
  }

  McpSchemas oneOf(String name, List<String> words, String description) {
    ObjectNode property = properties.putObject(name).put("type", "string");
    words.forEach(property.putArray("enum")::add);
    property.put("description", description);
    return this;
  }

  McpSchemas number(String name, long least, long most, long otherwise, String description) {
    properties
        .putObject(name)
        .put("type", "integer")
        .put("minimum", least)
        .put("maximum", most)
        .put("default", otherwise)
        .put("description", description);
    return this;
  }

  ObjectNode build() {
    return schema;
  }
}
