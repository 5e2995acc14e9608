package io.windlass.model;

import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hands a tool's JSON Schema to LangChain4j. The outermost object is taken apart, as the library
 * wants it; each property below it stays the schema that it was, whatever keywords it has.
 */
final class ToolSchema {
  private static final String OLD_DEFINITIONS = "definitions";
  private static final String DEFINITIONS = "$defs";

  private ToolSchema() {}

  static JsonObjectSchema of(ObjectNode schema) {
    JsonObjectSchema.Builder builder = JsonObjectSchema.builder();
    if (schema.path("description").isString()) {
      builder.description(schema.path("description").stringValue());
    }
    builder.addProperties(elements(schema.path("properties")));
    List<String> required = new ArrayList<>();
    schema
        .path("required")
        .forEach(name -> {
          if (name.isString()) {
            required.add(name.stringValue());
          }
        });
    builder.required(required);
    if (schema.path("additionalProperties").isBoolean()) {
      builder.additionalProperties(schema.path("additionalProperties").booleanValue());
    }
    Map<String, JsonSchemaElement> definitions = elements(schema.path(OLD_DEFINITIONS));
    definitions.putAll(elements(schema.path(DEFINITIONS)));
    return builder.definitions(definitions).build();
  }

  private static Map<String, JsonSchemaElement> elements(JsonNode schemas) {
    Map<String, JsonSchemaElement> elements = new LinkedHashMap<>();
    schemas
        .properties()
        .forEach(
            one -> elements.put(one.getKey(), JsonRawSchema.from(Json.write(raw(one.getValue())))));
    return elements;
  }

  /**
   * A schema may be written {@code true}, which the library cannot read: {@code {}} is the same.
   */
  private static JsonNode raw(JsonNode schema) {
    if (!schema.isObject()) {
      return schema.isBoolean() && !schema.booleanValue()
          ? Json.object().set("not", Json.object())
          : Json.object();
    }
    JsonNode copy = schema.deepCopy();
    pointToDefinitions(copy);
    return copy;
  }

  /** Definitions stand under one name at the provider's, so references are led there. */
  private static void pointToDefinitions(JsonNode tree) {
    if (tree instanceof ObjectNode object && object.path("$ref").isString()) {
      String reference = object.path("$ref").stringValue();
      String old = "#/" + OLD_DEFINITIONS + "/";
      if (reference.startsWith(old)) {
        object.put("$ref", "#/" + DEFINITIONS + "/" + reference.substring(old.length()));
      }
    }
    tree.forEach(ToolSchema::pointToDefinitions);
  }
}
