package io.windlass.app;

import io.windlass.approval.Approval;
import io.windlass.budget.Origin;
import io.windlass.budget.Runs;
import io.windlass.engine.Engine;
import io.windlass.execution.Execution;
import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What budgets ask of the engine, as its rows and its inbox tell it. */
final class EngineRuns implements Runs {
  private static final String KIND = "budget";
  private final Supplier<Engine> engine;

  EngineRuns(Supplier<Engine> engine) {
    this.engine = engine;
  }

  @Override
  public Origin origin(ExecutionId id) {
    Execution own = engine.get().executions().get(id);
    List<Origin.Running> line = new ArrayList<>();
    Execution one = own;
    line.add(new Origin.Running(one.kind(), one.name()));
    while (one.parent() != null) {
      one = engine.get().executions().get(one.parent());
      line.add(new Origin.Running(one.kind(), one.name()));
    }
    return new Origin(own.owner(), id, line, one.id().toString());
  }

  @Override
  public boolean release(ExecutionId execution, String step, String key, String why) {
    return engine
        .get()
        .approvals()
        .findOpen(execution, step)
        .filter(open -> open.kind().equals(KIND) && isOf(open, key))
        .filter(open -> engine.get().approvals().withdraw(open.id(), KIND, why))
        .isPresent();
  }

  private static boolean isOf(Approval open, String key) {
    return key.equals(open.key()) || key.endsWith("/" + open.key());
  }

  @Override
  public boolean isOver(ExecutionId id) {
    try {
      return engine.get().executions().get(id).status().isFinal();
    } catch (WindlassException e) {
      if (e.code().category() == ErrorCategory.NOT_FOUND) {
        return true;
      }
      throw e;
    }
  }
}
