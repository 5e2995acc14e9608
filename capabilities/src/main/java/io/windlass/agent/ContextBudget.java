package io.windlass.agent;

import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.model.Models;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Keeps a chain's variables within a number of characters: after each step that takes them above
 * it, every long variable but inputs and the last three that steps set is summarised or cut. It is
 * part of the step's own run and result, so that a replay comes to the same variables.
 */
public final class ContextBudget {
  private static final int KEPT = 3;
  private final Summaries summaries;

  public ContextBudget(Models models) {
    this.summaries = new Summaries(models);
  }

  /**
   * A step after which the variables are made to fit.
   *
   * @param characters the budget
   * @param step any step
   * @param output the variable that takes the step's output
   */
  public Step within(int characters, Step step, String output) {
    return context -> {
      StepOutcome outcome = step.run(context);
      return outcome instanceof StepOutcome.Done done
          ? fitting(characters, done, output, context)
          : outcome;
    };
  }

  private StepOutcome fitting(
      int characters, StepOutcome.Done done, String output, StepContext context) throws Exception {
    Map<String, JsonNode> set = new LinkedHashMap<>(done.set());
    set.putIfAbsent(output, done.output());
    State before = context.state();
    if (before.characters() + State.characters(set.values()) <= characters) {
      // What is set anew and inputs count twice in this, so it is enough.
      return done;
    }
    long total = total(before.values(), set);
    if (total <= characters) {
      return done;
    }
    State after = before.with(set);
    List<String> lengthy = longOnes(after, set);
    if (lengthy.isEmpty()) {
      return done;
    }
    Map<String, JsonNode> shorter = new LinkedHashMap<>(done.set());
    try (Fork<String> fork = Fork.open("context")) {
      for (String name : lengthy) {
        fork.fork(() -> summaries.shorter(context, "context:" + name, name, after.text(name)));
      }
      List<String> texts = fork.join();
      for (int i = 0; i < lengthy.size(); i++) {
        shorter.put(lengthy.get(i), Json.text(texts.get(i)));
      }
    }
    context.log(
        LogLevel.INFO,
        "The variables had %d characters, above the budget of %d; shortened %s, now %d"
            .formatted(
                total, characters, String.join(", ", lengthy), total(after.values(), shorter)));
    return new StepOutcome.Done(done.output(), shorter, done.close());
  }

  /** The length of all variables once the later ones are set. */
  private static long total(Map<String, JsonNode> values, Map<String, JsonNode> later) {
    long total = 0;
    for (Map.Entry<String, JsonNode> variable : values.entrySet()) {
      if (!later.containsKey(variable.getKey())) {
        total += length(variable);
      }
    }
    for (Map.Entry<String, JsonNode> variable : later.entrySet()) {
      total += length(variable);
    }
    return total;
  }

  /** An input stands in the state twice, and counts once. */
  private static int length(Map.Entry<String, JsonNode> variable) {
    return variable.getKey().startsWith("input.") ? 0 : Json.show(variable.getValue()).length();
  }

  private static List<String> longOnes(State after, Map<String, JsonNode> set) {
    List<String> ofSteps = new ArrayList<>();
    for (String name : after.values().keySet()) {
      boolean input = after.has("input." + name) || name.startsWith("input.");
      boolean surrounding = name.startsWith("windlass.") || name.startsWith("__");
      if (!input && !surrounding && !set.containsKey(name)) {
        ofSteps.add(name);
      }
    }
    set.keySet().stream().filter(name -> !after.has("input." + name)).forEach(ofSteps::add);
    List<String> old = ofSteps.subList(0, Math.max(0, ofSteps.size() - KEPT));
    return old.stream()
        .filter(name -> after.text(name).length() >= Summaries.SHORT)
        .filter(name -> !Summaries.isShortened(after.text(name)))
        .toList();
  }
}
