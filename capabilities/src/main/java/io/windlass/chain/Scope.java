package io.windlass.chain;

import io.windlass.text.Placeholder;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which variables a chain's steps set, see and use. */
final class Scope {
  private static final Set<String> NO_TEMPLATE =
      Set.of(
          "id",
          "type",
          "label",
          "model",
          "tools",
          "depends_on",
          "output_var",
          "inject_as",
          "json_path",
          "regex",
          "operation",
          "input_var",
          "items_var",
          "inputs",
          "routes",
          "default_route",
          "retry_target",
          "guardrails",
          "context_strategy",
          "gate_actions",
          "step_template");
  private static final Set<String> PROMPT_UNUSED = Set.of("merge", "evaluator", "subchain", "webhook");

  /** A place in a step where a variable is read. */
  record Use(String path, Placeholder placeholder) {}

  private final Set<String> inputs = new HashSet<>();
  private final Map<String, Set<String>> setters = new HashMap<>();
  private final Map<String, Set<String>> visible = new HashMap<>();

  Scope(ChainDocument chain) {
    for (InputSpec input : chain.inputs()) {
      inputs.add(input.name());
      inputs.add("input." + input.name());
    }
    Map<String, Set<String>> own = new HashMap<>();
    for (ChainStep step : chain.steps()) {
      Set<String> sets = new HashSet<>(injected(step));
      sets.add(step.outputVar());
      own.put(step.id(), sets);
      sets.forEach(name -> setters.computeIfAbsent(name, n -> new LinkedHashSet<>()).add(step.id()));
    }
    Map<String, Set<String>> ancestors = chain.graph().ancestors();
    for (ChainStep step : chain.steps()) {
      Set<String> seen = new HashSet<>(inputs);
      ancestors
          .getOrDefault(step.id(), Set.of())
          .forEach(ancestor -> seen.addAll(own.getOrDefault(ancestor, Set.of())));
      seen.addAll(injected(step));
      seen.addAll(ofItems(step));
      visible.put(step.id(), seen);
    }
  }

  boolean sees(ChainStep step, String variable) {
    return visible.getOrDefault(step.id(), Set.of()).contains(variable);
  }

  /** The steps that set a variable, in the order of the document. */
  Set<String> setters(String variable) {
    return setters.getOrDefault(variable, Set.of());
  }

  /** Every placeholder of a step that is filled in when it runs. */
  static List<Use> uses(ChainStep step) {
    List<Use> uses = new ArrayList<>();
    step.fields()
        .properties()
        .forEach(
            field -> {
              boolean sent =
                  !field.getKey().equals("prompt") || !PROMPT_UNUSED.contains(step.type());
              if (sent && !NO_TEMPLATE.contains(field.getKey())) {
                collect(field.getKey(), field.getValue(), uses);
              }
            });
    return uses;
  }

  private static void collect(String path, JsonNode value, List<Use> uses) {
    switch (value.getNodeType()) {
      case STRING ->
          Template.placeholders(value.stringValue(), false)
              .forEach(placeholder -> uses.add(new Use(path, placeholder)));
      case OBJECT ->
          value
              .properties()
              .forEach(
                  field -> {
                    if (!NO_TEMPLATE.contains(field.getKey())) {
                      collect(path + "." + field.getKey(), field.getValue(), uses);
                    }
                  });
      case ARRAY -> {
        for (int i = 0; i < value.size(); i++) {
          collect(path + "." + i, value.get(i), uses);
        }
      }
      case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO -> {}
    }
  }

  /** Whether the step takes every variable, named or not. */
  static boolean takesAll(ChainStep step) {
    return switch (step.type()) {
      case "subchain" -> !step.fields().has("subchain_input_map");
      case "webhook" -> !step.fields().has("webhook_body");
      default -> false;
    };
  }

  private static List<String> injected(ChainStep step) {
    List<String> names = new ArrayList<>();
    for (ObjectNode call : step.preTools()) {
      names.add(call.path("inject_as").asString(""));
    }
    return names;
  }

  private static Set<String> ofItems(ChainStep step) {
    if (step.type().equals("loop")) {
      return Set.of("item", "item_index", "loop_total", "loop_result");
    }
    boolean maps = step.type().equals("transform") && step.text("operation").equals("map");
    return maps ? Set.of("item", "index") : Set.of();
  }
}
