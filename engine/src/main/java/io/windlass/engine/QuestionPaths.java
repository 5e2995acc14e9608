package io.windlass.engine;

import io.windlass.approval.Approval;
import io.windlass.execution.Executions;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names the questions of an execution and of what it started by the steps on the way to them, as
 * {@link OpenQuestions#find} takes them.
 */
public final class QuestionPaths {
  private final Executions executions;
  private final Map<ExecutionId, String> ways = new HashMap<>();

  public QuestionPaths(Executions executions, ExecutionId root) {
    this.executions = executions;
    ways.put(root, "");
  }

  /**
   * The asking step, behind {@code step/} for each execution between; empty for the moment in which
   * a new execution asks already, and the one that started it has not noted that it did.
   */
  public Optional<String> of(Approval asked) {
    return way(asked.execution()).map(way -> way + asked.step());
  }

  private Optional<String> way(ExecutionId id) {
    ExecutionId parent = ways.containsKey(id) ? null : executions.get(id).parent();
    if (parent != null) {
      way(parent)
          .ifPresent(before -> {
            for (Event.ChildStarted child : Children.of(executions, parent)) {
              ways.put(child.child(), before + child.step() + "/");
            }
          });
    }
    return Optional.ofNullable(ways.get(id));
  }
}
