package io.windlass.workflow;

import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is wrong with the rules of an input, and how to say that a value breaks one. */
final class FieldCheck {
  static final String MISSING = "Required field is missing";
  private static final Set<String> TYPES =
      Set.of("string", "number", "integer", "boolean", "array", "object", WorkflowField.ANY);

  private static final int SHOWN = 100;

  private FieldCheck() {}

  /** How a value breaks a rule, in the words of the API where it has some. */
  static String reason(String keyword, JsonNode rule, JsonNode value, String otherwise) {
    return switch (keyword) {
      case "type" -> "Expected %s, got %s".formatted(types(rule), described(value));
      case "enum" -> "Value %s is not in allowed enum: [%s]".formatted(quoted(value), joined(rule));
      case "minimum" -> "Value %s is less than the minimum of %s".formatted(value, rule);
      case "maximum" -> "Value %s is greater than the maximum of %s".formatted(value, rule);
      case "exclusiveMinimum" -> "Value %s is not greater than %s".formatted(value, rule);
      case "exclusiveMaximum" -> "Value %s is not less than %s".formatted(value, rule);
      case "multipleOf" -> "Value %s is not a multiple of %s".formatted(value, rule);
      case "minLength" -> needed(characters(value), "characters", rule);
      case "maxLength" -> most(characters(value), "characters", rule);
      case "minItems" -> needed(value.size(), "items", rule);
      case "maxItems" -> most(value.size(), "items", rule);
      case "pattern" ->
          "Value %s does not match the pattern %s".formatted(quoted(value), Json.show(rule));
      case "format" ->
          "Value %s does not have the format %s".formatted(quoted(value), Json.show(rule));
      default -> otherwise;
    };
  }

  /** The rule itself, as {@code minimum: 0}. */
  static String constraint(String keyword, JsonNode rule) {
    return switch (keyword) {
      case "enum" -> "enum: [" + joined(rule) + "]";
      case "type" -> "type: " + types(rule);
      default -> keyword + ": " + Excerpt.of(Json.show(rule), SHOWN);
    };
  }

  private static String needed(int length, String unit, JsonNode rule) {
    return "Value has %d %s, at least %s are needed".formatted(length, unit, rule);
  }

  private static String most(int length, String unit, JsonNode rule) {
    return "Value has %d %s, at most %s may be".formatted(length, unit, rule);
  }

  private static int characters(JsonNode value) {
    String text = value.asString("");
    return text.codePointCount(0, text.length());
  }

  private static String types(JsonNode rule) {
    return rule.isArray()
        ? rule.values().stream().map(Json::show).collect(Collectors.joining(" or "))
        : Json.show(rule);
  }

  /** Why a field itself cannot be used; null when it can. */
  static @Nullable String faultOf(WorkflowField field) {
    if (!TYPES.contains(field.type())) {
      return "type: \"%s\" is not one of %s"
          .formatted(
              Excerpt.of(field.type(), SHOWN),
              TYPES.stream().sorted().collect(Collectors.joining(", ")));
    }
    JsonNode rules = field.validation();
    if (rules.has("enum") && (!rules.path("enum").isArray() || rules.path("enum").isEmpty())) {
      return "validation.enum: must be a list with at least one value";
    }
    for (String bound : List.of("minimum", "maximum", "minLength", "maxLength")) {
      if (rules.has(bound) && !rules.path(bound).isNumber()) {
        return "validation.%s: must be a number, not %s".formatted(bound, quoted(rules.get(bound)));
      }
    }
    for (String[] pair : new String[][] {{"minimum", "maximum"}, {"minLength", "maxLength"}}) {
      if (rules.has(pair[0])
          && rules.has(pair[1])
          && rules.path(pair[0]).decimalValue().compareTo(rules.path(pair[1]).decimalValue()) > 0) {
        return "validation: %s %s is above %s %s, so no value fits"
            .formatted(pair[0], rules.path(pair[0]), pair[1], rules.path(pair[1]));
      }
    }
    try {
      var _ = Pattern.compile(Json.show(rules.get("pattern")));
    } catch (PatternSyntaxException e) {
      return "validation.pattern: " + e.getDescription() + " in " + e.getPattern();
    }
    return null;
  }

  private static String joined(JsonNode choices) {
    return Excerpt.of(
        choices.values().stream().map(Json::show).collect(Collectors.joining(", ")), 1_000);
  }

  private static String quoted(JsonNode value) {
    String shown = Excerpt.of(Json.show(value), SHOWN);
    return value.isString() ? "'" + shown + "'" : shown;
  }

  private static String described(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "string " + quoted(value);
      case NUMBER -> "number " + value;
      case BOOLEAN -> "boolean " + value;
      default -> "nothing";
    };
  }
}
