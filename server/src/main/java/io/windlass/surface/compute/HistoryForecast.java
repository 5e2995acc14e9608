package io.windlass.surface.compute;

import io.windlass.definition.Definition;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.PastRun;
import io.windlass.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells from the last runs of a workflow, else from its author's estimates, when a run will end.
 */
final class HistoryForecast implements Forecast {
  private static final int LOOKS_AT = 20;
  private final WorkflowPorts ports;

  HistoryForecast(WorkflowPorts ports) {
    this.ports = ports;
  }

  @Override
  public Optional<Instant> end(Execution execution) {
    if (execution.status().isFinal()) {
      return Optional.ofNullable(execution.finishedAt());
    }
    List<PastRun> runs = runs(execution.kind(), execution.name());
    double millis =
        runs.stream()
            .mapToLong(run -> run.durationMs() == null ? 0 : run.durationMs())
            .average()
            .orElse(-1);
    if (millis < 0) {
      Double seconds = workflow(execution).map(it -> new StepTimes(it, runs).whole()).orElse(null);
      millis = seconds == null ? -1 : seconds * 1000;
    }
    if (millis < 0) {
      return Optional.empty();
    }
    Instant end = execution.createdAt().plus(Duration.ofMillis((long) millis));
    Instant now = ports.clock().instant();
    return Optional.of(end.isBefore(now) ? now : end);
  }

  /** The version of the workflow that the execution runs. */
  Optional<Workflow> workflow(Execution execution) {
    return execution.kind().equals("workflow")
        ? ports
            .definitions()
            .version(execution.versionId())
            .map(definition -> workflow(ports, definition))
        : Optional.empty();
  }

  static Workflow workflow(WorkflowPorts ports, Definition definition) {
    return ports.workflows().read(definition.name(), definition.source());
  }

  @Override
  public StepTimes times(Execution execution) {
    return workflow(execution)
        .map(it -> new StepTimes(it, runs(execution.kind(), execution.name())))
        .orElseGet(StepTimes::unknown);
  }

  private List<PastRun> runs(String kind, String name) {
    return ports
        .history()
        .runs(
            new ExecutionFilter(
                Set.of(kind), name, Set.of(ExecutionStatus.SUCCEEDED), null, null, null),
            LOOKS_AT,
            0);
  }
}
