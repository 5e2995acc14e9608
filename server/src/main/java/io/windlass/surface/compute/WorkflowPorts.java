package io.windlass.surface.compute;

import io.windlass.approval.Approvals;
import io.windlass.definition.Definitions;
import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.execution.History;
import io.windlass.graph.GraphKind;
import io.windlass.workflow.WorkflowKind;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the routes of workflows, graphs and executions work on.
 *
 * @param admission what starting an execution for a user is held against
 * @param files how many files a run has made
 */
public record WorkflowPorts(
    Executions executions,
    Approvals approvals,
    Definitions definitions,
    History history,
    WorkflowKind workflows,
    GraphKind graphs,
    Function<String, @Nullable AdmissionLimit> admission,
    ToIntFunction<Execution> files,
    InstantSource clock) {

  EventSources events() {
    return new EventSources(
        executions, approvals, new HistoryForecast(this), files, new Runs(this)::status);
  }
}
