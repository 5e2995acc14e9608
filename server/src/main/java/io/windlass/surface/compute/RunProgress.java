package io.windlass.surface.compute;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far an execution has come: what its view, the list and its events tell is counted here. Steps
 * that are over count by the times that they take where these are known, else each the same.
 */
final class RunProgress {
  private static final StepStatus NOT_BEGUN = StepStatus.PENDING;
  private final boolean mayGoBack;
  private final StepTimes times;
  private final Map<String, StepStatus> steps;
  private final double whole;
  private double over;
  private int completed;

  /**
   * At the beginning.
   *
   * @param steps the ids of all of its steps
   */
  RunProgress(Execution execution, Collection<String> steps, StepTimes times) {
    this.mayGoBack = execution.kind().equals("graph");
    this.times = times;
    this.steps = HashMap.newHashMap(steps.size());
    double sum = 0;
    for (String step : steps) {
      this.steps.put(step, NOT_BEGUN);
      sum += times.weight(step);
    }
    this.whole = sum;
  }

  /** Where it stands. */
  static RunProgress of(Execution execution, List<StepView> steps, StepTimes times) {
    var progress = new RunProgress(execution, steps.stream().map(StepView::id).toList(), times);
    for (StepView step : steps) {
      // What an end left undone is shown as skipped, but was never ended.
      boolean cutOff = step.status() == StepStatus.SKIPPED && step.finishedAt() == null;
      progress.move(step.id(), cutOff ? NOT_BEGUN : step.status());
    }
    return progress;
  }

  void move(String step, StepStatus next) {
    StepStatus before = steps.put(step, next);
    double weight = times.weight(step);
    over += (isOver(next) ? weight : 0) - (isOver(before) ? weight : 0);
    completed += (next == StepStatus.DONE ? 1 : 0) - (before == StepStatus.DONE ? 1 : 0);
  }

  /** What failed, or was cut short, will be begun again. */
  void resume() {
    steps.replaceAll((_, status) -> isOver(status) ? status : NOT_BEGUN);
  }

  private static boolean isOver(@Nullable StepStatus status) {
    return status == StepStatus.DONE || status == StepStatus.SKIPPED;
  }

  int total() {
    return steps.size();
  }

  /** How many steps are done. */
  int completed() {
    return completed;
  }

  /**
   * The part of the work that is over, in percent. Only its end is 100 % of a graph, whose nodes
   * may run again.
   *
   * @param running seconds for which what runs has done so
   */
  int percentage(ExecutionStatus status, double running) {
    if (status == ExecutionStatus.SUCCEEDED) {
      return 100;
    }
    double part = over;
    if (running > 0 && times.isKnown()) {
      for (Map.Entry<String, StepStatus> step : steps.entrySet()) {
        if (step.getValue() == StepStatus.RUNNING || step.getValue() == StepStatus.WAITING) {
          part += Math.min(running, times.weight(step.getKey()) * 0.95);
        }
      }
    }
    int percent = whole == 0 ? 0 : (int) Math.floor(part / whole * 100 + 1e-6);
    return Math.clamp(percent, 0, mayGoBack ? 99 : 100);
  }
}
