package io.windlass.workflow;

import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is wrong with the value of one input, and with the rules of one. */
final class FieldCheck {
  static final Set<String> TYPES =
      Set.of("string", "number", "integer", "boolean", "array", "object", "any");

  /** A pattern is tried on at most so much text, for some take for ever. */
  private static final int PATTERN_LIMIT = 10_000;

  private static final int SHOWN = 100;

  private FieldCheck() {}

  /** A rule that a value breaks, as {@code minimum: 0}, and how. */
  record Broken(String constraint, String reason) {}

  /** Everything that a value does not fit. */
  static List<Broken> faults(WorkflowField field, JsonNode value) {
    if (!isOfType(field.type(), value)) {
      return List.of(
          new Broken(
              "type: " + field.type(),
              "Expected %s, got %s".formatted(field.type(), described(value))));
    }
    JsonNode rules = field.validation();
    List<Broken> faults = new ArrayList<>();
    JsonNode choices = rules.path("enum");
    if (choices.isArray() && choices.values().stream().noneMatch(choice -> same(choice, value))) {
      String allowed = "[" + joined(choices) + "]";
      faults.add(
          new Broken(
              "enum: " + allowed,
              "Value %s is not in allowed enum: %s".formatted(quoted(value), allowed)));
    }
    if (value.isNumber()) {
      bound(rules, "minimum", value, -1, "less than the minimum", faults);
      bound(rules, "maximum", value, 1, "greater than the maximum", faults);
    }
    if (value.isString()) {
      text(rules, value.stringValue(), faults);
    }
    if (value.isArray()) {
      length(rules, "minItems", "maxItems", value.size(), "items", faults);
    }
    return faults;
  }

  private static void bound(
      JsonNode rules, String rule, JsonNode value, int sign, String words, List<Broken> faults) {
    JsonNode bound = rules.path(rule);
    if (bound.isNumber()
        && Integer.signum(value.decimalValue().compareTo(bound.decimalValue())) == sign) {
      faults.add(
          new Broken(rule + ": " + bound, "Value %s is %s of %s".formatted(value, words, bound)));
    }
  }

  private static void text(JsonNode rules, String text, List<Broken> faults) {
    length(
        rules,
        "minLength",
        "maxLength",
        text.codePointCount(0, text.length()),
        "characters",
        faults);
    JsonNode pattern = rules.path("pattern");
    if (pattern.isString()
        && !Pattern.compile(pattern.stringValue())
            .matcher(Excerpt.head(text, PATTERN_LIMIT))
            .find()) {
      faults.add(
          new Broken(
              "pattern: " + pattern.stringValue(),
              "Value '%s' does not match the pattern %s"
                  .formatted(Excerpt.of(text, SHOWN), pattern.stringValue())));
    }
  }

  private static void length(
      JsonNode rules, String least, String most, int length, String unit, List<Broken> faults) {
    if (rules.path(least).isNumber() && length < rules.path(least).asLong()) {
      faults.add(
          new Broken(
              least + ": " + rules.path(least),
              "Value has %d %s, at least %s are needed"
                  .formatted(length, unit, rules.path(least))));
    }
    if (rules.path(most).isNumber() && length > rules.path(most).asLong()) {
      faults.add(
          new Broken(
              most + ": " + rules.path(most),
              "Value has %d %s, at most %s may be".formatted(length, unit, rules.path(most))));
    }
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
    JsonNode standard = field.defaultValue();
    List<Broken> faults = standard == null ? List.of() : faults(field, standard);
    return faults.isEmpty()
        ? null
        : faults.stream().map(Broken::reason).collect(Collectors.joining("; ", "default: ", ""));
  }

  private static boolean isOfType(String type, JsonNode value) {
    return switch (type) {
      case "string" -> value.isString();
      case "number" -> value.isNumber();
      case "integer" -> value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> true;
    };
  }

  private static boolean same(JsonNode one, JsonNode other) {
    return one.isNumber() && other.isNumber()
        ? one.decimalValue().compareTo(other.decimalValue()) == 0
        : one.equals(other);
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
