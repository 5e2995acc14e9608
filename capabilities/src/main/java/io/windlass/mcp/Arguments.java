package io.windlass.mcp;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Arguments of calls: filled in, brought to the types that the schema wants, checked. */
final class Arguments {
  private Arguments() {}

  /** Fills in every text, at any depth. */
  static JsonNode rendered(JsonNode value, UnaryOperator<String> render) {
    return switch (value) {
      case ObjectNode object -> {
        ObjectNode filled = Json.object();
        object
            .properties()
            .forEach(one -> filled.set(one.getKey(), rendered(one.getValue(), render)));
        yield filled;
      }
      case ArrayNode list -> {
        ArrayNode filled = Json.MAPPER.createArrayNode();
        list.forEach(one -> filled.add(rendered(one, render)));
        yield filled;
      }
      default -> value.isString() ? Json.text(render.apply(value.stringValue())) : value;
    };
  }

  /**
   * Variables are texts: where the schema wants a number, a list, …, a text that is one will do.
   */
  static ObjectNode fitted(ObjectNode arguments, ObjectNode schema) {
    ObjectNode fitted = Json.object();
    arguments
        .properties()
        .forEach(one -> {
          JsonNode wanted = schema.path("properties").path(one.getKey());
          fitted.set(one.getKey(), fitted(one.getValue(), wanted));
        });
    return fitted;
  }

  private static JsonNode fitted(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object && schema instanceof ObjectNode inner) {
      return fitted(object, inner);
    }
    String type = schema.path("type").asString("");
    if (!value.isString() || type.isEmpty() || type.equals("string")) {
      return value;
    }
    try {
      JsonNode read = Json.MAPPER.readTree(value.stringValue().strip());
      boolean fits =
          switch (type) {
            case "number" -> read.isNumber();
            case "integer" -> read.isIntegralNumber();
            case "boolean" -> read.isBoolean();
            case "array" -> read.isArray();
            case "object" -> read.isObject();
            default -> false;
          };
      return fits ? read : value;
    } catch (JacksonException e) {
      return value;
    }
  }

  /**
   * Holds arguments against a tool's schema.
   *
   * @throws WindlassException INVALID_INPUT with what does not fit, and the schema's own names
   */
  static void check(McpTool tool, ObjectNode arguments) {
    List<String> faults = io.windlass.tool.Arguments.faults(arguments, tool.inputSchema());
    if (!faults.isEmpty()) {
      String fields = String.join(", ", tool.inputSchema().path("properties").propertyNames());
      throw WindlassException.invalid(
          "The arguments do not fit %s of MCP server %s: %s. It takes: %s"
              .formatted(
                  tool.name(),
                  tool.server(),
                  String.join("; ", faults),
                  fields.isEmpty() ? "nothing" : fields));
    }
  }
}
