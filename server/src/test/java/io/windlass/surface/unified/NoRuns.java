package io.windlass.surface.unified;

import io.windlass.budget.Budgets;
import io.windlass.budget.Origin;
import io.windlass.budget.Runs;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.store.Database;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** An engine in which nothing waits for a budget. */
final class NoRuns implements Runs {
  static Budgets budgets(Supplier<Database> database) {
    InstantSource clock = InstantSource.system();
    return new Budgets(
        () -> Set.of("chain", "pipeline"),
        database,
        new NoRuns(),
        clock,
        new TimeOrderedIds(clock, new SecureRandom()),
        1);
  }

  @Override
  public Origin origin(ExecutionId execution) {
    return new Origin("local", execution, List.of(), execution.toString());
  }

  @Override
  public boolean release(ExecutionId execution, String step, String key, String why) {
    return false;
  }

  @Override
  public boolean isOver(ExecutionId execution) {
    return false;
  }
}
