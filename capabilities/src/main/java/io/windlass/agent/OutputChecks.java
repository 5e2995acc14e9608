package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a step's {@code output_*} fields and {@code guardrails} expect of its answer. A breach is a
 * warning in the step's log and never fails the step.
 */
final class OutputChecks {
  /** Set in the fields of a step whose answer somebody else holds against its schema. */
  static final String HELD = "__output_schema_held";

  private final List<Function<String, Optional<String>>> checks = new ArrayList<>();

  private boolean wantJson;

  private OutputChecks() {}

  /** The checks of a step whose fields have no faults. */
  static OutputChecks of(ObjectNode fields) {
    OutputChecks checks = new OutputChecks();
    String schema = Json.show(fields.get("output_schema"));
    if (!schema.isEmpty() && !schema.equals("text") && !schema.equals("markdown")) {
      checks.wantJson = true;
      if (!fields.path(HELD).asBoolean(false)) {
        checks.addRule("json_valid", "", "output_schema");
      }
    }
    for (JsonNode text : fields.path("output_must_contain")) {
      checks.addRule("must_contain", Json.show(text), "output_must_contain");
    }
    for (JsonNode text : fields.path("output_must_not_contain")) {
      checks.addRule("must_not_contain", Json.show(text), "output_must_not_contain");
    }
    if (fields.hasNonNull("output_max_length")) {
      checks.addRule("max_length", Json.show(fields.get("output_max_length")), "output_max_length");
    }
    for (JsonNode rule : fields.path("guardrails")) {
      checks.addRule(Json.show(rule.get("type")), Json.show(rule.get("value")), "guardrail");
    }
    return checks;
  }

  static List<String> faults(ObjectNode fields) {
    try {
      of(fields);
      return List.of();
    } catch (WindlassException e) {
      return List.of(e.text());
    }
  }

  /** Whether the answer is to be JSON. */
  boolean wantJson() {
    return wantJson;
  }

  List<String> warnings(String answer) {
    return checks.stream().flatMap(check -> check.apply(answer).stream()).toList();
  }

  private void addRule(String type, String value, String source) {
    switch (type) {
      case "max_length" -> {
        long most = length(value, source);
        add(answer -> answer.length() <= most, source, "is longer than " + most + " characters");
      }
      case "min_length" -> {
        long least = length(value, source);
        add(answer -> answer.length() >= least, source, "is shorter than " + least + " characters");
      }
      case "must_contain" ->
          add(answer -> answer.contains(value), source, "does not contain \"" + value + "\"");
      case "must_not_contain" ->
          add(answer -> !answer.contains(value), source, "contains \"" + value + "\"");
      case "regex_match" -> {
        try {
          Pattern pattern = Pattern.compile(value);
          add(answer -> pattern.matcher(answer).find(), source, "does not match " + value);
        } catch (PatternSyntaxException e) {
          // The expression may be right in another dialect, and a check never stops a chain.
          add(answer -> false, source, "was not checked: " + e.getDescription() + " in " + value);
        }
      }
      case "json_valid" -> {
        wantJson = true;
        add(OutputChecks::isJson, source, "is no valid JSON");
      }
      default -> throw WindlassException.invalid(source + ": unknown type \"" + type + "\"");
    }
  }

  private void add(Predicate<String> holds, String source, String breach) {
    checks.add(answer ->
        holds.test(answer)
            ? Optional.empty()
            : Optional.of("%s: the answer %s".formatted(source, breach)));
  }

  /** Models like to wrap JSON into a code fence; that is no breach. */
  private static boolean isJson(String answer) {
    String text = answer.strip();
    if (text.startsWith("```") && text.endsWith("```") && text.indexOf('\n') > 0) {
      text = text.substring(text.indexOf('\n'), text.length() - 3);
    }
    try {
      @Nullable JsonNode tree = Json.read(text);
      return tree != null && !tree.isMissingNode();
    } catch (WindlassException e) {
      return false;
    }
  }

  private static long length(String value, String source) {
    if (!value.matches("\\d{1,12}")) {
      throw WindlassException.invalid(source + ": must be a whole number, not \"" + value + "\"");
    }
    return Long.parseLong(value);
  }
}
