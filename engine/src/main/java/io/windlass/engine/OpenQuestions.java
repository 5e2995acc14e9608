package io.windlass.engine;

import io.windlass.approval.Approval;
import io.windlass.approval.Approvals;
import io.windlass.execution.Executions;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Page;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the question that a step waits with, also in the executions that an execution started. */
public final class OpenQuestions {
  private static final int PAGE = 200;
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

  /** The newest of that path, since a step that is run again starts another execution. */
  private Optional<Approval> nested(ExecutionId root, String path) {
    if (path.indexOf('/') < 0) {
      return Optional.empty();
    }
    QuestionPaths paths = new QuestionPaths(executions, root);
    Approval newest = null;
    @Nullable String cursor = null;
    do {
      Page<Approval> page = approvals.list(true, null, root, cursor, PAGE);
      for (Approval asked : page.items()) {
        newest = paths.of(asked).equals(path) ? asked : newest;
      }
      cursor = page.nextCursor();
    } while (cursor != null);
    return Optional.ofNullable(newest);
  }
}
