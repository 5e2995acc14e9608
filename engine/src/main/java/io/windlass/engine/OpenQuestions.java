package io.windlass.engine;

import io.windlass.approval.Approval;
import io.windlass.approval.Approvals;
import io.windlass.execution.Executions;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import java.util.Optional;

/** Finds the question that a step waits with, also in the executions that an execution started. */
public final class OpenQuestions {
  private final Executions executions;
  private final Approvals approvals;

  public OpenQuestions(Executions executions, Approvals approvals) {
    this.executions = executions;
    this.approvals = approvals;
  }

  /**
   * The open question of a step.
   *
   * @param path its id, or {@code step/step} for a step in the execution that a step started
   */
  public Optional<Approval> find(ExecutionId execution, String path) {
    return approvals.findOpen(execution, path).or(() -> nested(execution, path));
  }

  private Optional<Approval> nested(ExecutionId parent, String path) {
    int slash = path.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : child(parent, path.substring(0, slash))
            .flatMap(id -> find(id, path.substring(slash + 1)));
  }

  /** The newest, since a step that is run again starts another. */
  private Optional<ExecutionId> child(ExecutionId parent, String step) {
    return Children.of(executions, parent).stream()
        .filter(child -> child.step().equals(step))
        .map(Event.ChildStarted::child)
        .reduce((earlier, later) -> later);
  }
}
