package io.windlass.cache;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Template;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a step's result depends on, as one hash: its owner, id and model, its fields with the
 * variables filled in, and the variables that its fields name.
 */
final class CacheKey {
  /** Fields that say when and how often a step runs, not what it asks. */
  private static final Set<String> UNRELATED =
      Set.of(
          "id",
          "label",
          "model",
          "depends_on",
          "retry",
          "timeout_ms",
          "cache",
          "condition",
          "early_exit_if",
          "on_recovery",
          "fallback_models",
          "output_must_contain",
          "output_must_not_contain",
          "output_max_length",
          "guardrails");

  private static final List<String> NAMING_VARIABLES = List.of("input_var", "items_var", "inputs");
  private static final String INTERNAL = "__";

  private CacheKey() {}

  static String of(String owner, String step, String model, ObjectNode fields, State state) {
    ObjectNode parts = Json.object();
    parts.put("owner", owner);
    parts.put("step", step);
    parts.put("model", model);
    ObjectNode asked = parts.putObject("fields");
    for (String field : new TreeSet<>(fields.propertyNames())) {
      if (!UNRELATED.contains(field)) {
        asked.set(field, rendered(fields.get(field), state));
      }
    }
    ObjectNode variables = parts.putObject("variables");
    for (String field : NAMING_VARIABLES) {
      JsonNode named = fields.path(field);
      if (named.isString()) {
        variables.put(named.stringValue(), state.text(named.stringValue()));
      }
      named.values().forEach(name -> variables.put(Json.show(name), state.text(Json.show(name))));
    }
    // What the engine's own parts leave for a step, as the notes of an evaluator.
    for (String name : new TreeSet<>(state.values().keySet())) {
      if (name.startsWith(INTERNAL)) {
        variables.put(name, state.text(name));
      }
    }
    return sha256(Json.write(parts));
  }

  private static JsonNode rendered(JsonNode value, State state) {
    return switch (value.getNodeType()) {
      case STRING -> Json.text(Template.render(value.stringValue(), state));
      case OBJECT -> {
        ObjectNode copy = Json.object();
        for (String name : new TreeSet<>(value.propertyNames())) {
          copy.set(name, rendered(value.get(name), state));
        }
        yield copy;
      }
      case ARRAY -> {
        ArrayNode copy = Json.MAPPER.createArrayNode();
        value.values().forEach(element -> copy.add(rendered(element, state)));
        yield copy;
      }
      case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO -> value;
    };
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
