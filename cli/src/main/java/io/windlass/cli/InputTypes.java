package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The inputs that a definition declares, as the server tells them: they say what the text of an
 * {@code -i} stands for. Chains and pipelines take text for everything.
 */
final class InputTypes {
  private static final Set<String> TYPED = Set.of("graph", "workflow");
  private static final Set<String> PARSED =
      Set.of("integer", "number", "boolean", "array", "object", "null");

  private final JsonNode inputs;

  private InputTypes(JsonNode inputs) {
    this.inputs = inputs;
  }

  /** Whether values of this kind's inputs have types. */
  static boolean matterFor(String kind) {
    return TYPED.contains(kind);
  }

  /** Those of a saved definition. */
  static InputTypes of(Http unified, String kind, String name) {
    return new InputTypes(unified.get(Http.path("v1", "definitions", kind, name)).path("inputs"));
  }

  /** Those of a document that is not saved; none of one that cannot be read. */
  static InputTypes ofDraft(Http unified, String kind, String name, String source) {
    String path = Http.path("v1", "definitions", kind, "validate") + "?name=" + Http.escape(name);
    return new InputTypes(
        unified.post(path, Documents.object().put("source", source)).path("inputs"));
  }

  /**
   * What a text stands for: itself when the input is a string, unknown or of any type.
   *
   * @throws CliException when it is no value of the input's type
   */
  JsonNode value(String name, String text) {
    for (JsonNode input : inputs) {
      if (Documents.text(input, "name").equals(name)) {
        return parsed(name, types(Documents.text(input, "type")), text);
      }
    }
    return Documents.string(text);
  }

  /** A type, or several as a JSON Schema can have them. */
  private static List<String> types(String declared) {
    if (!declared.startsWith("[")) {
      return List.of(declared);
    }
    List<String> types = new ArrayList<>();
    Documents.read(declared).forEach(type -> types.add(Documents.show(type)));
    return types;
  }

  private static JsonNode parsed(String name, List<String> types, String text) {
    if (!PARSED.containsAll(types)) {
      return Documents.string(text);
    }
    JsonNode value = json(text);
    if (value != null && types.stream().anyMatch(type -> fits(value, type))) {
      return value;
    }
    String type = String.join(" or ", types);
    throw CliException.usage(
        "The input %s takes a value of the type %s, and %s is none: write for example -i %s=%s"
            .formatted(
                Wording.line(name, 100),
                type,
                text.isBlank() ? "an empty text" : Wording.line(text, 100),
                Wording.line(name, 100),
                example(types.getFirst())));
  }

  private static @Nullable JsonNode json(String text) {
    try {
      return Documents.read(text.strip());
    } catch (JacksonException e) {
      return null;
    }
  }

  private static boolean fits(JsonNode value, String type) {
    return switch (type) {
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      case "null" -> value.isNull();
      default -> false;
    };
  }

  private static String example(String type) {
    return switch (type) {
      case "integer" -> "3";
      case "number" -> "2.5";
      case "boolean" -> "true";
      case "array" -> "'[\"a\", \"b\"]'";
      case "object" -> "'{\"key\": \"value\"}'";
      default -> "null";
    };
  }
}
