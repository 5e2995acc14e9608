package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Executions;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.graph.GraphKind;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.workflow.RunConfig;
import io.windlass.workflow.WorkflowKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Finds the executions that this surface shows and tells where they stand. */
final class Runs {
  /** The variable of each kind that holds all that a run was given. */
  private static final Map<String, String> WHOLE_INPUT =
      Map.of(WorkflowKind.NAME, RunConfig.INPUTS, GraphKind.NAME, GraphKind.INPUT);

  private final WorkflowPorts ports;

  Runs(WorkflowPorts ports) {
    this.ports = ports;
  }

  /** The execution that the path names, if the caller may see it. */
  Execution get(Context context, String id) {
    return ports
        .executions()
        .find(id)
        .filter(found -> Seen.sees(context, found))
        .orElseThrow(() -> Seen.missing("execution", id));
  }

  ExecutionDetail detail(Execution execution) {
    return ports.executions().detail(execution.id());
  }

  /** With its steps: what has ended tells of them without a look at its journal. */
  ExecutionDetail detail(PastRun run) {
    return run.status().isFinal()
        ? new ExecutionDetail(ports.executions().get(run.id()), run.steps(), 0)
        : ports.executions().detail(run.id());
  }

  /** Where it stands. */
  String status(Execution execution) {
    return execution.status() == ExecutionStatus.WAITING
        ? status(execution.id(), execution.status(), detail(execution).steps())
        : Words.status(execution.status());
  }

  /** Where it stands: what waits for another execution runs unless somebody is asked there. */
  String status(ExecutionId id, ExecutionStatus status, List<StepView> steps) {
    if (status != ExecutionStatus.WAITING) {
      return Words.status(status);
    }
    if (asks(id, steps)) {
      return "paused";
    }
    Map<ExecutionId, List<PastRun>> children = ports.history().descendants(Set.of(id));
    return children.getOrDefault(id, List.of()).stream()
            .anyMatch(child ->
                child.status() == ExecutionStatus.WAITING && asks(child.id(), child.steps()))
        ? "paused"
        : "running";
  }

  private boolean asks(ExecutionId id, List<StepView> steps) {
    return steps.stream()
        .filter(step -> step.status() == StepStatus.WAITING)
        .anyMatch(step -> ports.approvals().findOpen(id, step.id()).isPresent());
  }

  /**
   * What an execution was given, with the defaults of what was left out: as its first event keeps
   * it.
   */
  static ObjectNode inputs(Executions executions, Execution execution) {
    String whole = WHOLE_INPUT.get(execution.kind());
    if (whole != null) {
      for (Entry entry : executions.entries(execution.id(), 0, 1)) {
        if (entry.event() instanceof Event.ExecutionStarted started
            && started.state().get(whole) instanceof ObjectNode inputs) {
          return inputs.deepCopy();
        }
      }
    }
    return RunConfig.inputs(execution.input());
  }

  /** The digits that the ids of an execution's parts have in common with its own. */
  static String digits(Execution execution) {
    String id = execution.publicId();
    return id.substring(id.lastIndexOf('_') + 1);
  }
}
