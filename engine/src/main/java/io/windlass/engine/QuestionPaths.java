package io.windlass.engine;

import io.windlass.approval.Approval;
import io.windlass.execution.Executions;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import java.util.HashMap;
import java.util.Map;

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

  /** The asking step, behind {@code step/} for each execution between. */
  public String of(Approval asked) {
    return way(asked.execution()) + asked.step();
  }

  private String way(ExecutionId id) {
    if (!ways.containsKey(id)) {
      ExecutionId parent = executions.get(id).parent();
      if (parent != null) {
        String before = way(parent);
        for (Event.ChildStarted child : Children.of(executions, parent)) {
          ways.put(child.child(), before + child.step() + "/");
        }
      }
    }
    return ways.computeIfAbsent(id, _ -> "");
  }
}
