package io.windlass.chain;

import io.windlass.definition.InputField;
import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import io.windlass.text.JsPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One declared input of a chain or pipeline, with the rules that its value must keep. */
record InputSpec(JsonNode fields) {
  private static final Set<String> BOOLEANS = Set.of("true", "false", "1", "0", "yes", "no");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
  private static final Set<String> RULES =
      Set.of(
          "placeholder",
          "enum",
          "enum_labels",
          "min",
          "max",
          "min_length",
          "max_length",
          "pattern",
          "examples",
          "accepts",
          "max_file_size");

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
        otherwise == null ? null : Json.text(otherwise),
        rules());
  }

  private @Nullable ObjectNode rules() {
    ObjectNode rules = Json.object();
    fields
        .properties()
        .forEach(field -> {
          if (RULES.contains(field.getKey())) {
            rules.set(field.getKey(), field.getValue());
          }
        });
    return rules.isEmpty() ? null : rules;
  }

  /** Everything that is wrong with a value that is not empty; nothing when it keeps the rules. */
  List<String> faults(String value, InputFiles files) {
    List<String> faults = new ArrayList<>();
    String shown = "got \"" + Excerpt.of(value, 80) + "\"";
    @Nullable String wrongType =
        switch (type()) {
          case "number" -> numberFault(value.strip(), shown);
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
          case "file", "image" -> new InputFile(fields, type().equals("image")).fault(value, files);
          default -> null;
        };
    if (wrongType != null) {
      faults.add(wrongType);
    }
    lengthFaults(value, shown, faults);
    patternFault(value, shown, faults);
    return faults;
  }

  private @Nullable String numberFault(String value, String shown) {
    if (!NUMBER.matcher(value).matches() || !Double.isFinite(Double.parseDouble(value))) {
      return "must be a number; " + shown;
    }
    double number = Double.parseDouble(value);
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

  private void lengthFaults(String value, String shown, List<String> faults) {
    if (fields.has("min_length") && value.length() < fields.path("min_length").asLong()) {
      faults.add("must have at least " + fields.path("min_length") + " characters; " + shown);
    }
    if (fields.has("max_length") && value.length() > fields.path("max_length").asLong()) {
      faults.add("must have at most " + fields.path("max_length") + " characters; " + shown);
    }
  }

  private void patternFault(String value, String shown, List<String> faults) {
    if (!fields.has("pattern")) {
      return;
    }
    String pattern = fields.path("pattern").asString("");
    try {
      if (!JsPattern.compile(pattern).finds(value)) {
        faults.add("must match the pattern " + pattern + "; " + shown);
      }
    } catch (IllegalArgumentException | JsPattern.TooMuchWork e) {
      faults.add("cannot be checked: " + e.getMessage());
    }
  }

  private static boolean isJson(String value) {
    try {
      return !Json.read(value).isMissingNode();
    } catch (RuntimeException e) {
      return false;
    }
  }
}
