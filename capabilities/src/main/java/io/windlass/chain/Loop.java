package io.windlass.chain;

import io.windlass.definition.Retry;
import io.windlass.kernel.Json;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Condition;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One loop step: batch after batch of items, each batch's items side by side. */
final class Loop implements Step {
  /** How many items run at the same time, however large a batch is. */
  static final int MOST_AT_ONCE = 64;

  private static final int MOST_ITEMS = 100_000;
  private static final String FAILED = "[ERROR: %s]";

  private final ChainStep loop;
  private final List<Step> steps;
  private final String missing;

  /**
   * @param steps what is run for each item, as {@link ItemRun} has it; none when it cannot be
   * @param missing why not
   */
  Loop(ChainStep loop, List<Step> steps, String missing) {
    this.loop = loop;
    this.steps = List.copyOf(steps);
    this.missing = missing;
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    if (steps.isEmpty()) {
      return failed(missing);
    }
    if (!loop.has("items_var")) {
      return failed("needs items_var: the variable that holds its items");
    }
    List<String> items = LoopItems.of(context.state().text(loop.text("items_var")));
    if (items.size() > MOST_ITEMS) {
      return failed(
          "\"%s\" holds %d items, the most is %d; split the list over several runs"
              .formatted(loop.text("items_var"), items.size(), MOST_ITEMS));
    }
    return batches(context, items);
  }

  private StepOutcome batches(StepContext context, List<String> items) throws Exception {
    boolean goOn = loop.goesOn();
    ItemRun run = new ItemRun(context, steps, items, goOn ? loop.retry() : Retry.NEVER, goOn);
    int batch = Math.clamp(loop.fields().path("max_parallel").asLong(0), 0, MOST_ITEMS);
    batch = batch == 0 ? Math.max(1, items.size()) : batch;
    List<String> results = new ArrayList<>();
    for (int from = 0; from < items.size(); from += batch) {
      int to = Math.min(items.size(), from + batch);
      for (StepOutcome outcome : Lanes.run(MOST_AT_ONCE, from, to, run::run)) {
        switch (outcome) {
          case StepOutcome.Done done -> results.add(Json.show(done.output()));
          case StepOutcome.Skipped _ -> results.add("");
          case StepOutcome.Failed failed when goOn -> results.add(noted(context, results, failed));
          case StepOutcome.Failed failed -> {
            return new StepOutcome.Failed(
                "Item %d of %d (\"%s\"): %s"
                    .formatted(
                        results.size() + 1,
                        items.size(),
                        Excerpt.of(items.get(results.size()), 80),
                        failed.error()),
                failed.retryable());
          }
          // Items that wait do so one after the other: a step waits for one thing at a time.
          case StepOutcome.Ask _,
              StepOutcome.RunChild _,
              StepOutcome.Sleep _,
              StepOutcome.RunAgain _ -> {
            return outcome;
          }
        }
      }
      if (to < items.size() && isEnough(context.state(), results)) {
        context.log(
            LogLevel.INFO,
            "loop_until holds after %d of %d items: %s"
                .formatted(to, items.size(), Excerpt.of(loop.text("loop_until"), 200)));
        break;
      }
    }
    return StepOutcome.done(Json.write(results));
  }

  private static String noted(
      StepContext context, List<String> results, StepOutcome.Failed failed) {
    context.log(LogLevel.WARN, "Item %d failed: %s".formatted(results.size() + 1, failed.error()));
    return FAILED.formatted(failed.error());
  }

  private boolean isEnough(State state, List<String> results) {
    if (!loop.has("loop_until")) {
      return false;
    }
    JsonNode soFar = Json.text(Json.write(results));
    return Condition.holds(loop.text("loop_until"), state.with("loop_result", soFar));
  }

  private StepOutcome failed(String reason) {
    return new StepOutcome.Failed("Step \"%s\": %s".formatted(loop.id(), reason), false);
  }
}
