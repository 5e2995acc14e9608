package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The plan of a chain in words. */
final class PlanText {
  private PlanText() {}

  static String of(JsonNode plan) {
    StringBuilder text = new StringBuilder();
    int number = 1;
    for (JsonNode wave : plan.path("waves")) {
      text.append("wave ").append(number++).append('\n');
      for (JsonNode step : wave) {
        step(text, step.isString() ? named(plan, step.stringValue()) : step);
      }
    }
    calls(text, first(plan, "callsByModel", "calls_by_model"));
    JsonNode cost = first(plan, "costUsd", "cost_usd");
    text.append("cost    ").append(cost.isNumber() ? "about $" + cost : "unknown").append('\n');
    for (JsonNode problem : plan.path("problems")) {
      text.append("problem ").append(Wording.line(Documents.show(problem), 500)).append('\n');
    }
    return text.toString();
  }

  private static void step(StringBuilder text, JsonNode step) {
    List<String> words = new ArrayList<>();
    add(words, "", Documents.text(step, "type"));
    add(words, "model ", Documents.text(step, "model"));
    for (JsonNode tool : first(step, "preTools", "pre_tools")) {
      add(words, "after ", Documents.show(tool));
    }
    add(words, "if ", Documents.text(step, "condition"));
    text.append("  ").append(Documents.text(step, "id"));
    text.append("  [").append(String.join(", ", words)).append("]\n");
    String prompt = Documents.show(first(step, "promptPreview", "prompt_preview"));
    if (!prompt.isBlank()) {
      text.append("      ").append(Wording.line(prompt, 240)).append('\n');
    }
  }

  private static void add(List<String> words, String before, String word) {
    if (!word.isBlank()) {
      words.add(before + Wording.line(word, 80));
    }
  }

  private static JsonNode named(JsonNode plan, String id) {
    for (JsonNode step : plan.path("steps")) {
      if (id.equals(Documents.text(step, "id"))) {
        return step;
      }
    }
    return Documents.object().put("id", id);
  }

  private static void calls(StringBuilder text, JsonNode calls) {
    if (calls.isEmpty()) {
      text.append("calls   none to a model\n");
    }
    calls
        .properties()
        .forEach(call ->
            text.append("calls   ")
                .append(Documents.show(call.getValue()))
                .append(" × ")
                .append(call.getKey())
                .append('\n'));
  }

  /** A planner may spell its fields in either way. */
  private static JsonNode first(JsonNode object, String field, String other) {
    return object.path(object.has(field) ? field : other);
  }
}
