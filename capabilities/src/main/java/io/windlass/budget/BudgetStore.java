package io.windlass.budget;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import io.windlass.store.Dialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The budgets themselves, and what was decided about them. */
final class BudgetStore {
  private static final String COLUMNS =
      """
      SELECT id, label, owner, kind, name, unit, cap, raise_by, span, at_cap, created_by, created_at
      FROM budget\s\
      """;
  private final Supplier<Database> database;

  BudgetStore(Supplier<Database> database) {
    this.database = database;
  }

  private Database database() {
    return database.get();
  }

  /** By id, the oldest first. */
  List<Budget> all() {
    return database()
        .read(handle ->
            handle.createQuery(COLUMNS + "ORDER BY id").map((row, _) -> budget(row)).list());
  }

  Optional<Budget> find(UUID id) {
    return database().read(handle -> find(handle, id));
  }

  Optional<Budget> find(Handle handle, UUID id) {
    return handle
        .createQuery(COLUMNS + "WHERE id = :id")
        .bind("id", id)
        .map((row, _) -> budget(row))
        .findOne();
  }

  void insert(Budget one, Change change, UUID changeId) {
    database()
        .write(handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO budget (id, label, owner, kind, name, unit, cap, raise_by, span,
                    at_cap, created_by, created_at)
                  VALUES (:id, :label, :owner, :kind, :name, :unit, :cap, :raise, :span,
                    :atCap, :by, :at)\
                  """)
              .bind("id", one.id())
              .bind("label", one.label())
              .bind("owner", one.scope().owner())
              .bind("kind", one.scope().kind())
              .bind("name", one.scope().name())
              .bind("unit", word(one.unit()))
              .bind("cap", one.cap())
              .bind("raise", one.raiseBy())
              .bind("span", word(one.window()))
              .bind("atCap", word(one.atCap()))
              .bind("by", one.createdBy())
              .bind("at", one.createdAt().toEpochMilli())
              .execute();
          record(handle, changeId, one.id(), change);
          return one;
        });
  }

  /** Writes label, cap, raise and what happens at the cap. */
  boolean update(Budget one, Change change, UUID changeId) {
    return database()
        .write(handle -> {
          int changed =
              handle
                  .createUpdate(
                      """
                      UPDATE budget SET label = :label, cap = :cap, raise_by = :raise,
                        at_cap = :atCap
                      WHERE id = :id\
                      """)
                  .bind("label", one.label())
                  .bind("cap", one.cap())
                  .bind("raise", one.raiseBy())
                  .bind("atCap", word(one.atCap()))
                  .bind("id", one.id())
                  .execute();
          if (changed == 1) {
            record(handle, changeId, one.id(), change);
          }
          return changed == 1;
        });
  }

  /** With its windows and everything decided about it; who waits for it is let go by the watch. */
  boolean delete(UUID id) {
    return database()
        .write(handle -> {
          handle.execute("DELETE FROM budget_window WHERE budget = ?", id);
          handle.execute("DELETE FROM budget_hold WHERE budget = ?", id);
          handle.execute("DELETE FROM budget_pass WHERE budget = ?", id);
          handle.execute("DELETE FROM budget_change WHERE budget = ?", id);
          return handle.execute("DELETE FROM budget WHERE id = ?", id) == 1;
        });
  }

  /** The latest first. */
  List<Change> changes(UUID budget, int limit) {
    return database()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT what, period, execution, old_cap, new_cap, by_whom, reason, at
                    FROM budget_change WHERE budget = :budget ORDER BY id DESC LIMIT :limit\
                    """)
                .bind("budget", budget)
                .bind("limit", limit)
                .map((row, _) -> change(row))
                .list());
  }

  static void record(Handle handle, UUID id, UUID budget, Change change) {
    handle
        .createUpdate(
            """
            INSERT INTO budget_change (id, budget, what, period, execution, old_cap, new_cap,
              by_whom, reason, at)
            VALUES (:id, :budget, :what, :period, :execution, :from, :to, :by, :reason, :at)\
            """)
        .bind("id", id)
        .bind("budget", budget)
        .bind("what", change.what())
        .bind("period", change.period())
        .bindByType(
            "execution", change.execution() == null ? null : change.execution().value(), UUID.class)
        .bind("from", change.from())
        .bind("to", change.to())
        .bind("by", change.by())
        .bind("reason", change.reason())
        .bind("at", change.at().toEpochMilli())
        .execute();
  }

  private Budget budget(ResultSet row) throws SQLException {
    return new Budget(
        database().dialect().readId(row, 1),
        row.getString(2),
        new Budget.Scope(row.getString(3), row.getString(4), row.getString(5)),
        constant(Unit.class, row.getString(6)),
        row.getLong(7),
        row.getLong(8),
        constant(Window.class, row.getString(9)),
        constant(AtCap.class, row.getString(10)),
        row.getString(11),
        Instant.ofEpochMilli(row.getLong(12)));
  }

  private Change change(ResultSet row) throws SQLException {
    Dialect dialect = database().dialect();
    return new Change(
        row.getString(1),
        row.getString(2),
        row.getObject(3) == null ? null : new ExecutionId(dialect.readId(row, 3)),
        number(row, 4),
        number(row, 5),
        row.getString(6),
        row.getString(7),
        Instant.ofEpochMilli(row.getLong(8)));
  }

  static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? null : number;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }
}
