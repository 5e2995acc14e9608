package io.windlass.chain;

import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.Retry;
import io.windlass.definition.Trigger;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.text.Condition;
import io.windlass.text.Excerpt;
import io.windlass.text.Feedback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Turns a sound chain document into a flow. */
final class ChainCompiler {
  private static final Duration MODEL_TIMEOUT = Duration.ofMinutes(5);
  private static final Set<String> CALLING_A_MODEL_ONCE =
      Set.of("agent", "router", "evaluator", "image_gen");

  /** Their time bounds each of their calls, not the step. */
  private static final Set<String> CALLING_A_MODEL_OFTEN = Set.of("loop", "debate");

  private static final long PRE_TOOL_TIMEOUT_MS = 30_000;
  private static final int VISITS_PER_STEP = 20;
  private final Map<String, StepKind> stepKinds;
  private final VariableBudget budget;
  private final int standardBudget;

  /**
   * @param standardBudget characters for chains that set no {@code max_context_chars}; 0 for no
   *     bound
   */
  ChainCompiler(Map<String, StepKind> stepKinds, VariableBudget budget, int standardBudget) {
    this.stepKinds = stepKinds;
    this.budget = budget;
    this.standardBudget = standardBudget;
  }

  /**
   * Compiles.
   *
   * @throws WindlassException INVALID_DEFINITION with one line per fault of the graph
   */
  Flow compile(ChainDocument chain) {
    List<String> faults = new ArrayList<>(graphFaults(chain));
    faults.addAll(retryFaults(chain));
    if (!faults.isEmpty()) {
      throw new WindlassException(ErrorCode.INVALID_DEFINITION, String.join("\n", faults));
    }
    Map<String, Set<String>> routers = new RoutedSteps(chain).routers();
    Set<String> again = runAgain(chain);
    Integer own = chain.maxContextChars();
    int characters = own == null ? standardBudget : own;
    List<Node> nodes =
        chain.steps().stream()
            .map(step ->
                node(
                    step,
                    routers.getOrDefault(step.id(), Set.of()),
                    again.contains(step.id()) ? withFeedback(step) : byModel(step),
                    characters))
            .toList();
    String output = chain.output();
    return new Flow(
        nodes, state -> Json.text(state.text(output)), 100 + VISITS_PER_STEP * nodes.size(), null);
  }

  /** Why the chain cannot run, in the words that its format documents. */
  static List<String> graphFaults(ChainDocument chain) {
    if (chain.steps().isEmpty()) {
      return List.of("The chain has no steps yet; add one before running it");
    }
    List<String> faults = new ArrayList<>();
    Graph graph = chain.graph();
    for (Graph.Unknown unknown : graph.unknown()) {
      faults.add(
          "Step \"%s\" depends on unknown step \"%s\""
              .formatted(unknown.id(), unknown.dependency()));
    }
    List<String> circle = graph.circle();
    if (!circle.isEmpty()) {
      faults.add("Circular dependency detected among steps: " + String.join(", ", circle));
    }
    List<String> variables = chain.steps().stream().map(ChainStep::outputVar).distinct().toList();
    if (!variables.contains(chain.output())) {
      faults.add(
          "Output \"%s\" does not match the output_var of any step; there are: %s"
              .formatted(chain.output(), Excerpt.of(String.join(", ", variables), 500)));
    }
    return faults;
  }

  /** Evaluators that would find only after they had asked a model that there is no such step. */
  private static List<String> retryFaults(ChainDocument chain) {
    List<String> faults = new ArrayList<>();
    Set<String> ids = chain.steps().stream().map(ChainStep::id).collect(Collectors.toSet());
    for (ChainStep step : chain.steps()) {
      String target = step.text("retry_target");
      boolean asked = step.type().equals("evaluator") && !target.isBlank() && retries(step);
      if (asked && (target.equals(step.id()) || !ids.contains(target))) {
        faults.add(
            "Step \"%s\": retry_target must name another step, and \"%s\" is none"
                .formatted(step.id(), target));
      }
    }
    return faults;
  }

  private static boolean retries(ChainStep step) {
    String onFail = step.text("on_fail");
    return onFail.isEmpty() || onFail.equalsIgnoreCase("retry");
  }

  /** The steps that an evaluator may have run again. */
  private static Set<String> runAgain(ChainDocument chain) {
    return chain.steps().stream()
        .filter(step -> step.type().equals("evaluator"))
        .map(step -> step.text("retry_target"))
        .collect(Collectors.toSet());
  }

  /**
   * @param routers the routers that choose whether it runs, so that it waits for them
   */
  private Node node(ChainStep step, Set<String> routers, Step bound, int characters) {
    Set<String> sources = new LinkedHashSet<>(step.dependsOn());
    sources.addAll(routers);
    return new Node(
        step.id(),
        step.label(),
        step.type(),
        characters > 0 ? budget.within(characters, bound, step.outputVar()) : bound,
        sources.isEmpty() ? List.of() : List.of(Trigger.after(sources)),
        step.outputVar(),
        guard(step),
        step.retry(),
        timeout(step),
        step.onRecovery());
  }

  /** With fallback models, the step's attempts go to one after the other. */
  private Step byModel(ChainStep step) {
    List<String> models = step.fallbackModels();
    boolean byItem = step.type().equals("loop") && step.goesOn();
    if (models.isEmpty() || byItem) {
      return bind(step);
    }
    List<Step> bound = models.stream().map(model -> bind(step.with(model))).toList();
    Retry retry = step.retry();
    return context -> {
      int row = Math.min(retry.rowOf(context.attempt()), bound.size() - 1);
      boolean first = context.attempt() == row * retry.row() + 1;
      if (row > 0 && first) {
        context.log(
            LogLevel.WARN,
            "Model %s failed; trying model %s"
                .formatted(named(models.get(row - 1)), named(models.get(row))));
      }
      return bound.get(row).run(context);
    };
  }

  private Step bind(ChainStep step) {
    StepKind kind = stepKinds.get(step.type());
    if (kind == null) {
      String error =
          "Step \"%s\": the step type \"%s\" is not available yet; available are %s"
              .formatted(
                  step.id(),
                  step.type(),
                  String.join(", ", stepKinds.keySet().stream().sorted().toList()));
      return context -> new StepOutcome.Failed(error, false);
    }
    try {
      return kind.bind(step.fields());
    } catch (WindlassException e) {
      if (e.code() != ErrorCode.INVALID_DEFINITION) {
        throw e;
      }
      throw new WindlassException(
          e.code(),
          e.text().lines().map(fault -> named(step, fault)).collect(Collectors.joining("\n")),
          e);
    }
  }

  /** Some kinds name the step themselves. */
  private static String named(ChainStep step, String fault) {
    String prefix = "Step \"%s\": ".formatted(step.id());
    return fault.startsWith(prefix) ? fault : prefix + fault;
  }

  /** When it is run again, its prompt says what was wrong with its work. */
  private Step withFeedback(ChainStep step) {
    ObjectNode fields = step.fields().deepCopy();
    fields.put("prompt", Feedback.appendedTo(step.prompt()));
    if (fields.get("step_template") instanceof ObjectNode template && template.has("prompt")) {
      template.put("prompt", Feedback.appendedTo(template.path("prompt").asString("")));
    }
    Step first = byModel(step);
    Step again = byModel(new ChainStep(fields));
    return context -> (context.state().has(Feedback.VARIABLE) ? again : first).run(context);
  }

  private static Guard guard(ChainStep step) {
    String exit = step.has("early_exit_if") ? step.text("early_exit_if") : "";
    String condition = step.has("condition") ? step.text("condition") : "";
    if (exit.isEmpty() && condition.isEmpty()) {
      return Guard.NONE;
    }
    return state -> {
      if (!exit.isEmpty() && Condition.holds(exit, state)) {
        return new Guard.End("Early exit: " + Excerpt.of(exit, 200));
      }
      if (!condition.isEmpty() && !Condition.holds(condition, state)) {
        return new Guard.Skip("Skipped, condition not met: " + Excerpt.of(condition, 200));
      }
      return new Guard.Run();
    };
  }

  /** A model call's time does not count the pre-tools before it, which have times of their own. */
  private @Nullable Duration timeout(ChainStep step) {
    if (CALLING_A_MODEL_OFTEN.contains(step.type())) {
      return null;
    }
    Duration own = step.timeout();
    StepKind kind = stepKinds.get(step.type());
    if (kind != null && kind.timesItsCalls()) {
      return null;
    }
    boolean callsModel = CALLING_A_MODEL_ONCE.contains(step.type());
    if (!callsModel) {
      return own;
    }
    if (step.type().equals("agent") && step.fields().path("tools").size() > 0) {
      // It bounds each of the model's turns, of which nobody knows the number.
      return null;
    }
    Duration timeout = own == null ? MODEL_TIMEOUT : own;
    if (step.type().equals("agent")) {
      for (ObjectNode call : step.preTools()) {
        timeout = timeout.plus(allowance(call));
      }
    }
    return timeout;
  }

  private static Duration allowance(ObjectNode preTool) {
    long once = preTool.path("timeout_ms").asLong(PRE_TOOL_TIMEOUT_MS);
    long retries = Math.min(preTool.path("retry").asLong(0), 1_000);
    long pauses = 1_000 * retries * (retries + 1) / 2;
    return Duration.ofMillis(once * (retries + 1) + pauses);
  }

  private static String named(String model) {
    return model.isBlank() ? "(default)" : "\"" + model + "\"";
  }
}
