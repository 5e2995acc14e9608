package io.windlass.engine;

import io.windlass.approval.Approval;
import io.windlass.execution.Executions;
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

  /** Rows tell it: the journal of who started an execution may be a moment behind it. */
  private String way(ExecutionId id) {
    String known = ways.get(id);
    if (known != null) {
      return known;
    }
    ExecutionId parent = executions.get(id).parent();
    String step = executions.startedBy(id).orElse("");
    String way = parent == null || step.isEmpty() ? "" : way(parent) + step + "/";
    ways.put(id, way);
    return way;
  }
}
