package io.windlass.chain;

import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.text.Condition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code loop} step: runs a step of another kind for each item of a list. That step is an agent
 * with the loop's own prompt, unless {@code step_template} says otherwise.
 */
public final class LoopKind implements StepKind {
  /** What an item cannot be: it would choose among, or run again, steps outside of the loop. */
  private static final Set<String> NO_ITEM = Set.of("loop", "router", "evaluator");

  /** Fields of the loop that are not its items'. */
  private static final Set<String> OWN =
      Set.of(
          "type",
          "step_template",
          "items_var",
          "max_parallel",
          "loop_until",
          "loop_on_error",
          "condition",
          "early_exit_if",
          "depends_on",
          "retry",
          "cache");

  /** The documented time of a model call. */
  private static final long MODEL_TIMEOUT_MS = 300_000;

  private final Map<String, StepKind> kinds = new LinkedHashMap<>();

  /**
   * @param kinds what items can be
   */
  public LoopKind(List<? extends StepKind> kinds) {
    kinds.stream()
        .filter(kind -> !NO_ITEM.contains(kind.name()))
        .forEach(kind -> this.kinds.put(kind.name(), kind));
  }

  @Override
  public String name() {
    return "loop";
  }

  /** Its items are of the kinds that it was built with. */
  @Override
  public boolean isRehearsable() {
    return true;
  }

  @Override
  public Step bind(ObjectNode fields) {
    ObjectNode item = item(fields);
    StepKind kind = kinds.get(item.path("type").asString(""));
    ChainStep loop = new ChainStep(fields);
    return kind == null
        ? new Loop(loop, List.of(), unavailable(item))
        : new Loop(loop, byModel(loop, new ChainStep(item), kind), "");
  }

  /**
   * The loop's own fallback models are tried for each item, in the place of the item's own, unless
   * the template names some: a loop that goes on does not fail, so that it cannot be tried again.
   */
  private static List<Step> byModel(ChainStep loop, ChainStep item, StepKind kind) {
    List<String> models = ownModels(loop) ? List.of() : loop.fallbackModels();
    return models.isEmpty()
        ? List.of(guarded(kind.bind(item.fields()), item))
        : models.stream()
            .map(model -> guarded(kind.bind(item.with(model).fields()), item))
            .toList();
  }

  /** Whether the template says which models its step asks. */
  static boolean ownModels(ChainStep loop) {
    return loop.fields().get("step_template") instanceof ObjectNode template
        && (template.hasNonNull("model") || template.hasNonNull("fallback_models"));
  }

  /** A template's condition is asked for each item. */
  private static Step guarded(Step step, ChainStep item) {
    if (!item.has("condition")) {
      return step;
    }
    String condition = item.text("condition");
    return context ->
        Condition.holds(condition, context.state())
            ? step.run(context)
            : new StepOutcome.Skipped("condition not met: " + condition);
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    ChainStep loop = new ChainStep(fields);
    List<String> faults = new ArrayList<>();
    if (!loop.has("items_var")) {
      faults.add("items_var: a loop needs the variable that holds its items");
    }
    JsonNode template = fields.path("step_template");
    if (!template.isMissingNode() && !template.isNull() && !template.isObject()) {
      faults.add("step_template: must be an object with a step's fields");
      return faults;
    }
    ObjectNode item = item(fields);
    StepKind kind = kinds.get(item.path("type").asString(""));
    if (kind == null) {
      faults.add("step_template: " + unavailable(item));
    } else {
      String path = template.isObject() ? "step_template." : "";
      kind.faults(item).forEach(fault -> faults.add(path + fault));
    }
    return faults;
  }

  private String unavailable(ObjectNode item) {
    return "a loop's items cannot be of the type \"%s\"; they can be %s"
        .formatted(item.path("type").asString(""), String.join(", ", kinds.keySet()));
  }

  /** The step that is run for each item: the loop's fields, with the template's over them. */
  static ObjectNode item(ObjectNode loop) {
    ObjectNode fields = loop.deepCopy();
    OWN.forEach(fields::remove);
    if (loop.get("step_template") instanceof ObjectNode template) {
      // Anything that the template sets itself is its own, also what a loop has, too.
      template.properties().forEach(field -> fields.set(field.getKey(), field.getValue()));
      fields.remove("step_template");
      if (template.hasNonNull("model") && !template.hasNonNull("fallback_models")) {
        fields.remove("fallback_models");
      }
      fields.set("id", loop.get("id"));
    }
    ObjectNode item = ChainStep.of(fields).fields();
    if (!item.hasNonNull("timeout_ms")) {
      item.put("timeout_ms", MODEL_TIMEOUT_MS);
    }
    return item;
  }
}
