package io.windlass.agent;

import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.model.ToolSpec;
import io.windlass.model.ToolUse;
import io.windlass.step.StepOutcome;
import io.windlass.tool.Arguments;
import io.windlass.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Carries out what a model asks for in one turn: side by side, each call an effect. */
final class ToolCalls {
  /** More calls than these in one turn are told to come later. */
  static final int MOST = 64;

  private static final int AT_ONCE = 8;

  private final Map<String, Tool> tools;
  private final Consent consent;
  private final ToolRun runs;

  ToolCalls(Map<String, Tool> tools, Consent consent, ToolRun runs) {
    this.tools = tools;
    this.consent = consent;
    this.runs = runs;
  }

  /** What came of a turn's calls. */
  sealed interface Outcome {}

  /**
   * @param results one for each call, in their order
   */
  record Ran(List<CallResult> results) implements Outcome {}

  /**
   * @param ask the first call that a person has to decide on; the others that could run have run
   */
  record Waiting(StepOutcome.Ask ask) implements Outcome {}

  List<ToolSpec> specs() {
    return tools.values().stream()
        .map(tool -> new ToolSpec(tool.name(), tool.description(), tool.schema()))
        .toList();
  }

  /**
   * Carries out what may be.
   *
   * @param turn the turn's part of the effects' keys
   */
  Outcome run(String turn, List<ToolUse> uses) throws Exception {
    List<Callable<CallResult>> ready = new ArrayList<>();
    StepOutcome.@Nullable Ask ask = null;
    for (int i = 0; i < uses.size(); i++) {
      ToolUse use = uses.get(i);
      String key = "tool:%s:%d".formatted(turn, i);
      if (i >= MOST) {
        ready.add(() ->
            CallResult.unusable("Too many calls at once; ask for at most %d".formatted(MOST)));
        continue;
      }
      Prepared call = prepare(key, use);
      switch (call.fault() == null ? consent.of(call) : new Consent.Given()) {
        case Consent.Given _ -> ready.add(() -> runs.run(call));
        case Consent.Refused(String why) -> ready.add(() -> CallResult.of(why, true));
        case Consent.Open(StepOutcome.Ask open) -> ask = ask == null ? open : ask;
      }
    }
    List<CallResult> results = atOnce(ready);
    return ask == null ? new Ran(results) : new Waiting(ask);
  }

  /**
   * A call that is ready to be carried out, or what is wrong with it.
   *
   * @param tool null with a fault
   * @param fault what the model is to be told; null for none
   */
  record Prepared(
      String key,
      ToolUse use,
      @Nullable Tool tool,
      Arguments.Read arguments,
      @Nullable String fault) {}

  private Prepared prepare(String key, ToolUse use) {
    Tool tool = tools.get(use.name());
    if (tool == null) {
      String there = String.join(", ", tools.keySet());
      return new Prepared(
          key,
          use,
          null,
          new Arguments.Read(Json.object(), null),
          "There is no tool \"%s\"; there are: %s".formatted(use.name(), there));
    }
    Arguments.Read read = Arguments.read(use.arguments(), tool.schema());
    return new Prepared(key, use, tool, read, read.fault());
  }

  private static List<CallResult> atOnce(List<Callable<CallResult>> calls) throws Exception {
    if (calls.size() == 1) {
      return List.of(calls.getFirst().call());
    }
    Semaphore places = new Semaphore(AT_ONCE);
    try (Fork<CallResult> fork = Fork.open("tools")) {
      for (Callable<CallResult> call : calls) {
        fork.fork(() -> {
          places.acquire();
          try {
            return call.call();
          } finally {
            places.release();
          }
        });
      }
      return fork.join();
    }
  }
}
