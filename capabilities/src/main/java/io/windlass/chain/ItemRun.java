package io.windlass.chain;

import io.windlass.definition.Retry;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.EarlyOutcome;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;

/**
 * Runs a loop's items.
 *
 * @param context the loop's own
 * @param steps what is run for each: one step, or one for each model that is tried in turn, whose
 *     attempts are a row of {@code retry}
 * @param retry for an item whose failure does not end the loop
 * @param goOn whether others go on when one failed
 */
record ItemRun(
    StepContext context, List<Step> steps, List<String> items, Retry retry, boolean goOn) {
  /** An item's outcome; what ends the loop sets the sign for the others. */
  StepOutcome run(int index, AtomicBoolean stop) throws Exception {
    ItemContext item = new ItemContext(context, index, state(index));
    int attempt = 1;
    while (true) {
      int row = Math.min(retry.rowOf(attempt), steps.size() - 1);
      StepOutcome outcome = once(steps.get(row), item);
      int next =
          goOn && outcome instanceof StepOutcome.Failed failed
              ? retry.nextAfter(attempt, failed.retryable())
              : 0;
      if (next > 0) {
        awaitNext(item, attempt, next, ((StepOutcome.Failed) outcome).error());
        attempt = next;
        continue;
      }
      switch (outcome) {
        case StepOutcome.Done _, StepOutcome.Skipped _ -> {
          return outcome;
        }
        case StepOutcome.Failed _ -> {
          stop.compareAndSet(false, !goOn);
          return outcome;
        }
        case StepOutcome.Ask ask -> {
          stop.set(true);
          return new StepOutcome.Ask(item.key(ask.key()), ask.question());
        }
        case StepOutcome.RunChild child -> {
          stop.set(true);
          return new StepOutcome.RunChild(item.key(child.key()), child.request());
        }
        case StepOutcome.Sleep sleep -> {
          stop.set(true);
          return new StepOutcome.Sleep(item.key(sleep.key()), sleep.until());
        }
        case StepOutcome.RunAgain again -> {
          stop.set(true);
          return new StepOutcome.RunAgain(
              item.key(again.key()), again.step(), again.with(), again.keep());
        }
      }
    }
  }

  /** At once where the next model has its turn. */
  private void awaitNext(ItemContext item, int failed, int next, String error)
      throws InterruptedException {
    if (retry.rowOf(next) != retry.rowOf(failed)) {
      item.log(
          LogLevel.WARN, "attempt %d failed; trying the next model: %s".formatted(failed, error));
      return;
    }
    Duration wait = retry.delayAfter(failed, ThreadLocalRandom.current().nextDouble());
    item.log(
        LogLevel.WARN,
        "attempt %d failed, next in %d ms: %s".formatted(failed, wait.toMillis(), error));
    Thread.sleep(wait);
  }

  private StepOutcome once(Step step, ItemContext item) throws Exception {
    try {
      return step.run(item);
    } catch (InterruptedException | java.util.concurrent.CancellationException e) {
      throw e;
    } catch (EarlyOutcome e) {
      // What forbids one item to go on forbids it to all: the loop fails, whatever its items may.
      if (e.outcome() instanceof StepOutcome.Failed) {
        throw e;
      }
      return e.outcome();
    } catch (WindlassException e) {
      return new StepOutcome.Failed(e.text(), true);
    } catch (Exception e) {
      String message = e.getMessage();
      return new StepOutcome.Failed(
          message == null || message.isBlank() ? e.getClass().getSimpleName() : message, true);
    }
  }

  private State state(int index) {
    Map<String, JsonNode> own = new LinkedHashMap<>();
    own.put("item", Json.text(items.get(index)));
    own.put("item_index", Json.text(Integer.toString(index)));
    own.put("loop_total", Json.text(Integer.toString(items.size())));
    return context.state().with(own);
  }
}
