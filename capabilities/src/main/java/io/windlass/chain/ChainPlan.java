package io.windlass.chain;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Excerpt;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run of a chain would do: a dry run executes nothing.
 *
 * @param chain its name
 * @param waves ids of steps by layer; a step begins as soon as those that it depends on are done
 * @param steps in the order of the document
 * @param callsByModel how many model calls to expect at the least, by model; {@code default} is the
 *     configured one
 * @param problems why the chain cannot run; empty when it can
 */
public record ChainPlan(
    String chain,
    List<List<String>> waves,
    List<PlannedStep> steps,
    Map<String, Integer> callsByModel,
    List<String> problems) {
  private static final int PREVIEW = 400;
  private static final String DEFAULT_MODEL = "default";

  /**
   * One step of the plan.
   *
   * @param model the model it calls; null when it calls none
   * @param calls how many model calls it makes at the least
   * @param promptPreview the beginning of its prompt with the inputs filled in
   * @param preTools the pre-tools that run before it
   * @param condition when it runs; null for always
   */
  public record PlannedStep(
      String id,
      String label,
      String type,
      List<String> dependsOn,
      @Nullable String model,
      int calls,
      String promptPreview,
      List<String> preTools,
      @Nullable String condition) {
    public PlannedStep {
      dependsOn = List.copyOf(dependsOn);
      preTools = List.copyOf(preTools);
    }
  }

  public ChainPlan {
    waves = waves.stream().map(List::copyOf).toList();
    steps = List.copyOf(steps);
    callsByModel = Map.copyOf(callsByModel);
    problems = List.copyOf(problems);
  }

  static ChainPlan of(String name, ChainDocument document, ObjectNode input) {
    State state = previewState(document, input);
    List<PlannedStep> steps = new ArrayList<>();
    Map<String, Integer> calls = new TreeMap<>();
    for (ChainStep step : document.steps()) {
      PlannedStep planned = planned(step, state);
      steps.add(planned);
      count(step, planned, calls);
    }
    return new ChainPlan(
        name, document.graph().waves(), steps, calls, ChainCompiler.graphFaults(document));
  }

  private static State previewState(ChainDocument document, ObjectNode input) {
    Map<String, JsonNode> variables = new LinkedHashMap<>();
    for (InputSpec spec : document.inputs()) {
      String given = Json.show(input.get(spec.name()));
      String value = given.isEmpty() ? spec.defaultValue() : given;
      if (value != null) {
        variables.put(spec.name(), Json.text(value));
        variables.put("input." + spec.name(), Json.text(value));
      }
    }
    input
        .properties()
        .forEach(
            field -> variables.putIfAbsent(field.getKey(), Json.text(Json.show(field.getValue()))));
    return new State(variables);
  }

  private static PlannedStep planned(ChainStep step, State state) {
    int calls = calls(step);
    List<String> preTools =
        step.preTools().stream().map(call -> call.path("type").asString("")).toList();
    return new PlannedStep(
        step.id(),
        step.label(),
        step.type(),
        step.dependsOn(),
        calls == 0 ? null : model(step),
        calls,
        Excerpt.of(Template.render(step.prompt(), state), PREVIEW),
        preTools,
        step.has("condition") ? step.text("condition") : null);
  }

  private static int calls(ChainStep step) {
    return switch (step.type()) {
      case "agent", "router", "evaluator", "loop", "browser", "image_gen" -> 1;
      case "merge" ->
          switch (step.text("strategy")) {
            case "llm_summarize", "pick_best", "consensus", "vote" -> 1;
            default -> 0;
          };
      case "debate" -> debateAgents(step).size() * debateRounds(step) + debateDecisions(step);
      default -> 0;
    };
  }

  private static String model(ChainStep step) {
    JsonNode fallbacks = step.fields().path("fallback_models");
    if (!fallbacks.isEmpty()) {
      return fallbacks.path(0).asString(DEFAULT_MODEL);
    }
    if (step.has("model")) {
      return step.text("model");
    }
    return switch (step.type()) {
      case "router", "evaluator", "merge" -> "haiku";
      case "debate" -> "sonnet";
      default -> DEFAULT_MODEL;
    };
  }

  private static void count(ChainStep step, PlannedStep planned, Map<String, Integer> calls) {
    String model = planned.model();
    if (model == null) {
      return;
    }
    if (!step.type().equals("debate")) {
      calls.merge(model, planned.calls(), Integer::sum);
      return;
    }
    for (JsonNode agent : debateAgents(step)) {
      String own = agent.path("model").asString("");
      String taken = own.isEmpty() ? (step.has("model") ? step.text("model") : DEFAULT_MODEL) : own;
      calls.merge(taken, debateRounds(step), Integer::sum);
    }
    if (debateDecisions(step) > 0) {
      calls.merge(model, 1, Integer::sum);
    }
  }

  private static List<JsonNode> debateAgents(ChainStep step) {
    return List.copyOf(step.fields().path("debate_agents").values());
  }

  private static int debateRounds(ChainStep step) {
    return Math.clamp(step.fields().path("debate_rounds").asLong(1), 1, 1_000);
  }

  private static int debateDecisions(ChainStep step) {
    return step.text("debate_decision").equals("last_round") ? 0 : 1;
  }
}
