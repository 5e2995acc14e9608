package io.windlass.budget;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Ids;
import io.windlass.step.Answer;
import io.windlass.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The steps that wait for room in a budget, and what becomes of the answers they get. */
final class WaitStore {
  private static final String COLUMNS =
      """
      SELECT execution, step, key, budget, period, need, raise_by, woken_at FROM budget_wait\s\
      """;
  private final Supplier<Database> database;
  private final BudgetStore budgets;
  private final Ids ids;

  WaitStore(Supplier<Database> database, BudgetStore budgets, Ids ids) {
    this.database = database;
    this.budgets = budgets;
    this.ids = ids;
  }

  /**
   * A step that waits.
   *
   * @param key of its question
   * @param need what its call may take; null when only a person can let it go on
   * @param raiseBy by how much the cap is raised when that is answered
   */
  record Waiting(
      ExecutionId execution,
      String step,
      String key,
      UUID budget,
      String period,
      @Nullable Long need,
      long raiseBy,
      @Nullable Instant wokenAt) {}

  /** Kept before the question is asked, so that nobody who waits is unknown. */
  void put(Waiting one, Instant at) {
    database
        .get()
        .write(handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO budget_wait (execution, step, key, budget, period, need, raise_by,
                      asked_at)
                    VALUES (:execution, :step, :key, :budget, :period, :need, :raise, :at)
                    ON CONFLICT (execution, step, key) DO UPDATE SET budget = excluded.budget,
                      period = excluded.period, need = excluded.need, raise_by = excluded.raise_by,
                      woken_at = NULL\
                    """)
                .bind("execution", one.execution().value())
                .bind("step", one.step())
                .bind("key", one.key())
                .bind("budget", one.budget())
                .bind("period", one.period())
                .bind("need", one.need())
                .bind("raise", one.raiseBy())
                .bind("at", at.toEpochMilli())
                .execute());
  }

  /**
   * Does once what an answer says; a later call with the same does nothing.
   *
   * @param run the outermost execution, which a pass is given to with all that it starts
   */
  void answered(ExecutionId execution, String step, String key, Answer answer, ExecutionId run) {
    database
        .get()
        .write(handle -> {
          Optional<Waiting> known =
              handle
                  .createQuery(
                      COLUMNS + "WHERE execution = :execution AND step = :step AND key = :key")
                  .bind("execution", execution.value())
                  .bind("step", step)
                  .bind("key", key)
                  .map((row, _) -> read(row))
                  .findOne();
          boolean first =
              handle.execute(
                      "DELETE FROM budget_wait WHERE execution = ? AND step = ? AND key = ?",
                      execution.value(),
                      step,
                      key)
                  == 1;
          if (known.isPresent() && first) {
            carryOut(handle, known.get(), answer, run);
          }
          return first;
        });
  }

  private void carryOut(Handle handle, Waiting one, Answer answer, ExecutionId run) {
    Budget budget = budgets.find(handle, one.budget()).orElse(null);
    String choice = answer.choice();
    if (budget == null || choice == null) {
      return;
    }
    if (choice.startsWith(StopQuestion.RAISE)) {
      long before = Ledger.figures(handle, budget.id(), budget.cap(), one.period()).cap();
      Ledger.raise(handle, budget.id(), one.period(), one.raiseBy(), answer.at());
      record(handle, one, answer, "raised", before, before + one.raiseBy());
    } else if (choice.equals(StopQuestion.ALLOW)) {
      handle.execute(
          """
          INSERT INTO budget_pass (budget, execution, given_by, given_at) VALUES (?, ?, ?, ?)
          ON CONFLICT (budget, execution) DO NOTHING\
          """,
          budget.id(),
          run.value(),
          answer.by(),
          answer.at().toEpochMilli());
      record(handle, one, answer, "passed", null, null);
    }
  }

  private void record(
      Handle handle,
      Waiting one,
      Answer answer,
      String what,
      @Nullable Long from,
      @Nullable Long to) {
    BudgetStore.record(
        handle,
        ids.next(),
        one.budget(),
        new Change(
            what,
            one.period(),
            one.execution(),
            from,
            to,
            answer.by(),
            answer.reason(),
            answer.at()));
  }

  /** The budgets that somebody waits for. */
  List<UUID> budgets() {
    return database
        .get()
        .read(handle ->
            handle.createQuery("SELECT DISTINCT budget FROM budget_wait").mapTo(UUID.class).list());
  }

  /** Who waits for a budget, the longest first, those among them who were told to go on. */
  List<Waiting> of(UUID budget, int limit) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    COLUMNS + "WHERE budget = :budget ORDER BY asked_at, execution LIMIT :limit")
                .bind("budget", budget)
                .bind("limit", limit)
                .map((row, _) -> read(row))
                .list());
  }

  /** How many steps of which executions wait for a budget and were not told to go on. */
  Map<ExecutionId, Long> waiting(UUID budget) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT execution, count(*) FROM budget_wait
                    WHERE budget = :budget AND woken_at IS NULL GROUP BY execution\
                    """)
                .bind("budget", budget)
                .map((row, _) ->
                    Map.entry(
                        new ExecutionId(database.get().dialect().readId(row, 1)), row.getLong(2)))
                .list())
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  void woken(Waiting one, Instant at) {
    database
        .get()
        .write(handle ->
            handle.execute(
                """
                UPDATE budget_wait SET woken_at = ?
                WHERE execution = ? AND step = ? AND key = ? AND woken_at IS NULL\
                """,
                at.toEpochMilli(),
                one.execution().value(),
                one.step(),
                one.key()));
  }

  void forget(ExecutionId execution, String step, String key) {
    database
        .get()
        .write(handle ->
            handle.execute(
                "DELETE FROM budget_wait WHERE execution = ? AND step = ? AND key = ?",
                execution.value(),
                step,
                key));
  }

  /** All executions that a wait is known of. */
  List<ExecutionId> executions() {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery("SELECT DISTINCT execution FROM budget_wait")
                .mapTo(UUID.class)
                .map(ExecutionId::new)
                .list());
  }

  /** Forgets what an ended execution waited for. */
  void forget(ExecutionId execution) {
    database
        .get()
        .write(handle ->
            handle.execute("DELETE FROM budget_wait WHERE execution = ?", execution.value()));
  }

  private Waiting read(ResultSet row) throws SQLException {
    Long woken = BudgetStore.number(row, 8);
    return new Waiting(
        new ExecutionId(database.get().dialect().readId(row, 1)),
        row.getString(2),
        row.getString(3),
        database.get().dialect().readId(row, 4),
        row.getString(5),
        BudgetStore.number(row, 6),
        row.getLong(7),
        woken == null ? null : Instant.ofEpochMilli(woken));
  }
}
