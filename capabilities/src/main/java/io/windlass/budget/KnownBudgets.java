package io.windlass.budget;

import java.util.List;

/** The budgets as this node knows them: read when they change here, and every second besides. */
final class KnownBudgets {
  private final BudgetStore store;
  private volatile List<Budget> all = List.of();

  KnownBudgets(BudgetStore store) {
    this.store = store;
  }

  /** One at a time, so that an older reading never takes the place of a newer one. */
  synchronized void refresh() {
    all = store.all();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** What counts a call, in an order that is the same for all calls. */
  List<Budget> covering(Origin origin) {
    return all.stream()
        .filter(one -> one.scope().covers(origin))
        .filter(one -> one.window() != Window.EXECUTION || origin.execution() != null)
        .toList();
  }
}
