package io.windlass.chain;

import io.windlass.kernel.WindlassException;
import io.windlass.text.Handlebars;
import io.windlass.text.Placeholder;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
          "output_schema",
          "gate_actions",
          "step_template");
  private static final Set<String> PROMPT_UNUSED =
      Set.of("merge", "evaluator", "subchain", "webhook");

  /** A place in a step where a variable is read. */
  record Use(String path, Placeholder placeholder) {}

  private static final BitSet NONE = new BitSet();
  private final Set<String> inputs = new HashSet<>();
  private final List<ChainStep> steps;
  private final Map<String, BitSet> setters = new HashMap<>();
  private final Map<String, BitSet> ancestors;

  Scope(ChainDocument chain) {
    steps = chain.steps();
    ancestors = chain.graph().ancestors();
    for (InputSpec input : chain.inputs()) {
      inputs.add(input.name());
      inputs.add("input." + input.name());
    }
    for (int i = 0; i < steps.size(); i++) {
      // What a loop gathers belongs to the item that it is gathered for.
      boolean loop = steps.get(i).type().equals("loop");
      Set<String> sets = loop ? new HashSet<>() : injected(steps.get(i));
      sets.add(steps.get(i).outputVar());
      for (String name : sets) {
        setters.computeIfAbsent(name, n -> new BitSet()).set(i);
      }
    }
  }

  boolean sees(ChainStep step, String variable) {
    return inputs.contains(variable)
        || setters.getOrDefault(variable, NONE).intersects(ancestors.getOrDefault(step.id(), NONE))
        || injected(step).contains(variable)
        || ofItems(step).contains(variable);
  }

  /** Whether a step has finished whenever another one begins. */
  boolean isBefore(String id, ChainStep step) {
    BitSet before = ancestors.getOrDefault(step.id(), NONE);
    return before.stream().anyMatch(place -> steps.get(place).id().equals(id));
  }

  boolean sets(String id, String variable) {
    return setters.getOrDefault(variable, NONE).stream()
        .anyMatch(place -> steps.get(place).id().equals(id));
  }

  /** The first step that sets a variable. */
  Optional<String> setter(String variable) {
    int first = setters.getOrDefault(variable, NONE).nextSetBit(0);
    return first < 0 ? Optional.empty() : Optional.of(steps.get(first).id());
  }

  /** Every placeholder of a step that is filled in when it runs. */
  static List<Use> uses(ChainStep step) {
    List<Use> uses = new ArrayList<>();
    step.fields()
        .properties()
        .forEach(field -> {
          boolean sent = !field.getKey().equals("prompt") || !PROMPT_UNUSED.contains(step.type());
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
              .forEach(field -> {
                String where = path + "." + field.getKey();
                if (field.getKey().equals("template") && isRendered(value)) {
                  rendered(where, field.getValue().stringValue(""), uses);
                } else if (!NO_TEMPLATE.contains(field.getKey())) {
                  collect(where, field.getValue(), uses);
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

  private static boolean isRendered(JsonNode call) {
    return call.path("type").stringValue("").equals("template_render");
  }

  /** A template with double braces; one that cannot be read uses nothing, and fails when run. */
  private static void rendered(String path, String template, List<Use> uses) {
    try {
      Handlebars.parse(template)
          .placeholders()
          .forEach(placeholder -> uses.add(new Use(path, placeholder)));
    } catch (WindlassException e) {
      return;
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

  private static Set<String> injected(ChainStep step) {
    Set<String> names = new HashSet<>();
    for (ObjectNode call : step.runsPreTools() ? step.preTools() : List.<ObjectNode>of()) {
      names.add(call.path("inject_as").asString(""));
    }
    return names;
  }

  private static Set<String> ofItems(ChainStep step) {
    if (step.type().equals("loop")) {
      return Set.of("item", "item_index", "loop_total", "loop_result");
    }
    boolean maps = TransformKind.isType(step.type()) && step.text("operation").equals("map");
    return maps ? Set.of("item", "index") : Set.of();
  }
}
