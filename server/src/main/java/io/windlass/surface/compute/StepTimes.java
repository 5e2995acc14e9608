package io.windlass.surface.compute;

import io.windlass.execution.PastRun;
import io.windlass.execution.StepStatus;
import io.windlass.workflow.Workflow;
import io.windlass.workflow.WorkflowStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** How long the steps of a workflow take: as they did, else as its author expects. */
final class StepTimes {
  private final List<WorkflowStep> steps;
  private final Map<Integer, Double> seconds = new HashMap<>();

  /**
   * @param runs earlier ones, of any end
   */
  StepTimes(Workflow workflow, List<PastRun> runs) {
    this.steps = workflow.steps();
    for (WorkflowStep step : workflow.steps()) {
      OptionalDouble before =
          runs.stream()
              .flatMap(run -> run.steps().stream())
              .filter(view -> view.id().equals(step.id()) && view.status() == StepStatus.DONE)
              .filter(view -> view.durationMs() != null)
              .mapToLong(view -> view.durationMs() == null ? 0 : view.durationMs())
              .average();
      Double estimated = step.estimatedSeconds();
      if (before.isPresent()) {
        seconds.put(step.number(), before.getAsDouble() / 1000);
      } else if (estimated != null) {
        seconds.put(step.number(), estimated);
      }
    }
  }

  private StepTimes() {
    this.steps = List.of();
  }

  /** For executions whose steps nobody can tell of. */
  static StepTimes unknown() {
    return new StepTimes();
  }

  /** Seconds that a step takes; null when nobody knows. */
  @Nullable Double of(int step) {
    return seconds.get(step);
  }

  /** Seconds from the beginning to the end along the longest way; null when a step is not known. */
  @Nullable Double whole() {
    if (seconds.size() < steps.size()) {
      return null;
    }
    Map<Integer, Double> ends = new HashMap<>();
    for (int round = 0; ends.size() < steps.size(); round++) {
      if (round > steps.size()) {
        return null;
      }
      for (WorkflowStep step : steps) {
        if (!ends.containsKey(step.number()) && ends.keySet().containsAll(step.after())) {
          double begin = step.after().stream().mapToDouble(ends::get).max().orElse(0);
          ends.put(step.number(), begin + seconds.getOrDefault(step.number(), 0.0));
        }
      }
    }
    return ends.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** Whether the times of all steps are known. */
  boolean isKnown() {
    return !steps.isEmpty() && seconds.size() == steps.size();
  }

  /** Its seconds where those of all are known, else 1. */
  double weight(String step) {
    return isKnown() ? Math.max(seconds.getOrDefault(WorkflowStep.number(step), 0.0), 0.001) : 1;
  }
}
