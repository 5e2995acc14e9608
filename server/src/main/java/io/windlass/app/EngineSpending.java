package io.windlass.app;

import io.windlass.engine.Children;
import io.windlass.engine.Engine;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.StepView;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Page;
import io.windlass.step.Usage;
import io.windlass.tool.Spending;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What executions have cost, as the engine's journal and rows tell it. */
final class EngineSpending implements Spending {
  private static final int PAGE = 500;

  /** As many executions of one definition as are summed up. */
  private static final int MOST = 20_000;

  private static final int DEEPEST = 16;

  private final Supplier<Engine> engine;

  EngineSpending(Supplier<Engine> engine) {
    this.engine = engine;
  }

  @Override
  public Spent ofExecution(ExecutionId execution) {
    return ofExecution(execution, 0);
  }

  /** Rows get their sums when an execution ends or waits; until then its steps have them. */
  private Spent ofExecution(ExecutionId id, int depth) {
    Spent spent = Spent.NOTHING;
    for (StepView step : engine.get().executions().detail(id).steps()) {
      spent = spent.plus(of(step.usage()));
    }
    if (depth < DEEPEST) {
      for (ExecutionId child : children(id)) {
        spent = spent.plus(ofExecution(child, depth + 1));
      }
    }
    return spent;
  }

  /** One that was resumed with its parent was started more than once. */
  private Set<ExecutionId> children(ExecutionId id) {
    Set<ExecutionId> children = new LinkedHashSet<>();
    Children.of(engine.get().executions(), id).forEach(child -> children.add(child.child()));
    return children;
  }

  @Override
  public Spent ofDefinition(ExecutionId id, Instant since) {
    Execution own = engine.get().executions().get(id);
    var filter =
        new ExecutionFilter(Set.of(own.kind()), own.name(), Set.of(), own.owner(), since, null);
    Spent spent = ofExecution(id);
    int seen = 0;
    @Nullable String cursor = null;
    do {
      Page<Execution> page = engine.get().executions().list(filter, cursor, PAGE);
      for (Execution one : page.items()) {
        if (!one.id().equals(id)) {
          spent = spent.plus(of(one.usage()));
        }
      }
      seen += page.items().size();
      cursor = page.nextCursor();
    } while (cursor != null && seen < MOST);
    return spent;
  }

  private static Spent of(Usage usage) {
    BigDecimal cost = usage.costUsd();
    return cost == null ? new Spent(BigDecimal.ZERO, 1) : new Spent(cost, 0);
  }
}
