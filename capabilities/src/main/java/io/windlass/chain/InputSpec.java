package io.windlass.chain;

import io.windlass.definition.InputField;
import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import io.windlass.text.JsPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One declared input of a chain or pipeline, with the rules that its value must keep. */
record InputSpec(JsonNode fields) {
  private static final Set<String> BOOLEANS = Set.of("true", "false", "1", "0", "yes", "no");

  static List<InputSpec> list(JsonNode document) {
    List<InputSpec> specs = new ArrayList<>();
    document.path("inputs").values().forEach(fields -> specs.add(new InputSpec(fields)));
    return List.copyOf(specs);
  }

  String name() {
    return fields.path("name").asString("");
  }

  String type() {
    return fields.path("type").asString("string");
  }

  @Nullable String defaultValue() {
    return fields.has("default") ? fields.path("default").asString("") : null;
  }

  boolean required() {
    String otherwise = defaultValue();
    return !fields.path("optional").asBoolean(false) && (otherwise == null || otherwise.isEmpty());
  }

  InputField outline() {
    String otherwise = defaultValue();
    return new InputField(
        name(),
        type(),
        fields.has("description") ? fields.path("description").asString() : null,
        required(),
        otherwise == null ? null : Json.text(otherwise));
  }

  /** What is wrong with a value that is not empty; null when it keeps the rules. */
  @Nullable String fault(String value) {
    String shown = "got \"" + Excerpt.of(value, 80) + "\"";
    String wrongType =
        switch (type()) {
          case "number" -> numberFault(value, shown);
          case "boolean" ->
              BOOLEANS.contains(value.strip().toLowerCase(Locale.ROOT))
                  ? null
                  : "must be one of true, false, 1, 0, yes, no; " + shown;
          case "url" ->
              value.startsWith("http://") || value.startsWith("https://")
                  ? null
                  : "must begin with http:// or https://; " + shown;
          case "json" -> isJson(value) ? null : "must be JSON; " + shown;
          case "enum" -> enumFault(value, shown);
          default -> null;
        };
    return wrongType != null ? wrongType : textFault(value, shown);
  }

  private @Nullable String numberFault(String value, String shown) {
    double number;
    try {
      number = Double.parseDouble(value.strip());
    } catch (NumberFormatException e) {
      return "must be a number; " + shown;
    }
    if (!Double.isFinite(number)) {
      return "must be a number; " + shown;
    }
    if (fields.has("min") && number < fields.path("min").doubleValue()) {
      return "must be at least " + fields.path("min") + "; " + shown;
    }
    if (fields.has("max") && number > fields.path("max").doubleValue()) {
      return "must be at most " + fields.path("max") + "; " + shown;
    }
    return null;
  }

  private @Nullable String enumFault(String value, String shown) {
    List<String> choices = new ArrayList<>();
    fields.path("enum").values().forEach(choice -> choices.add(choice.asString("")));
    return choices.isEmpty() || choices.contains(value)
        ? null
        : "must be one of " + String.join(", ", choices) + "; " + shown;
  }

  private @Nullable String textFault(String value, String shown) {
    if (fields.has("min_length") && value.length() < fields.path("min_length").asLong()) {
      return "must have at least " + fields.path("min_length") + " characters; " + shown;
    }
    if (fields.has("max_length") && value.length() > fields.path("max_length").asLong()) {
      return "must have at most " + fields.path("max_length") + " characters; " + shown;
    }
    if (fields.has("pattern")) {
      String pattern = fields.path("pattern").asString("");
      try {
        return JsPattern.compile(pattern).finds(value)
            ? null
            : "must match the pattern " + pattern + "; " + shown;
      } catch (IllegalArgumentException | JsPattern.TooMuchWork e) {
        return "cannot be checked: " + e.getMessage();
      }
    }
    return null;
  }

  private static boolean isJson(String value) {
    try {
      Json.read(value);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
