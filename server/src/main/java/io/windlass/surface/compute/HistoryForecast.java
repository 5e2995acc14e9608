package io.windlass.surface.compute;

import io.windlass.definition.Definition;
import io.windlass.execution.Execution;
import io.windlass.execution.PastRun;
import io.windlass.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells from the runs of a workflow that had succeeded before a run began, else from its author's
 * estimates, when it will end. What is told of a run is so the same while it runs and ever after.
 */
final class HistoryForecast implements Forecast {
  private final WorkflowPorts ports;

  HistoryForecast(WorkflowPorts ports) {
    this.ports = ports;
  }

  @Override
  public Optional<Instant> end(Execution execution) {
    if (execution.status().isFinal()) {
      return Optional.ofNullable(execution.finishedAt());
    }
    Instant now = ports.clock().instant();
    return foreseen(execution).map(end -> end.isBefore(now) ? now : end);
  }

  @Override
  public Optional<Instant> foreseen(Execution execution) {
    List<PastRun> runs = precedents(execution).before(execution.createdAt());
    double millis =
        runs.stream()
            .mapToLong(run -> run.durationMs() == null ? 0 : run.durationMs())
            .average()
            .orElse(-1);
    if (millis < 0) {
      Double seconds = workflow(execution).map(it -> new StepTimes(it, runs).whole()).orElse(null);
      millis = seconds == null ? -1 : seconds * 1000;
    }
    return millis < 0
        ? Optional.empty()
        : Optional.of(execution.createdAt().plus(Duration.ofMillis((long) millis)));
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
    return times(execution, precedents(execution));
  }

  /** The same from precedents that were read for others of its name, too. */
  StepTimes times(Execution execution, Precedents precedents) {
    return workflow(execution)
        .map(it -> new StepTimes(it, precedents.before(execution.createdAt())))
        .orElseGet(StepTimes::unknown);
  }

  Precedents precedents(Execution execution) {
    return new Precedents(ports.history(), execution.kind(), execution.name());
  }
}
