package io.windlass.budget;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * What each window of each budget has spent and reserved. A reservation is one statement that
 * compares and adds, so calls of all nodes together never pass a cap; it stands until the call is
 * over, and counts as spent when the process that made it gives no sign of life.
 */
final class Ledger {
  /** A hold that nobody has renewed for so long is one of a process that is gone. */
  static final Duration LAPSE = Duration.ofSeconds(60);

  private final Supplier<Database> database;
  private final InstantSource clock;
  private final UUID process;

  /**
   * @param process tells the holds of this process from those of others and of earlier ones
   */
  Ledger(Supplier<Database> database, InstantSource clock, UUID process) {
    this.database = database;
    this.clock = clock;
    this.process = process;
  }

  /**
   * What a call takes of one window.
   *
   * @param amount above 0
   * @param forced whether it may pass the cap
   */
  record Line(UUID budget, String period, long amount, boolean forced) {}

  /** What a window holds. */
  record Figures(long cap, long spent, long reserved) {
    long room() {
      return cap - spent - reserved;
    }
  }

  /** The budgets that a person lets an outermost execution pass, with all that it starts. */
  Set<UUID> passes(ExecutionId execution) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery("SELECT budget FROM budget_pass WHERE execution = :execution")
                .bind("execution", execution.value())
                .mapTo(UUID.class)
                .set());
  }

  /**
   * Reserves all lines or none.
   *
   * @param lines sorted by budget, so that no two calls wait for each other
   * @return the first line that there is no room for
   */
  Optional<Line> reserve(UUID call, List<Line> lines) {
    try {
      return database
          .get()
          .write(handle -> {
            long now = clock.millis();
            for (Line line : lines) {
              if (!isThereRoom(handle, line, now)) {
                throw new Full(line);
              }
              handle.execute(
                  """
                  INSERT INTO budget_hold (call, budget, period, amount, process, seen_at)
                  VALUES (?, ?, ?, ?, ?, ?)\
                  """,
                  call,
                  line.budget(),
                  line.period(),
                  line.amount(),
                  process,
                  now);
            }
            return Optional.empty();
          });
    } catch (Full full) {
      return Optional.of(full.line);
    }
  }

  private static boolean isThereRoom(Handle handle, Line line, long now) {
    if (add(handle, line, now)) {
      return true;
    }
    touch(handle, line.budget(), line.period(), now);
    return add(handle, line, now);
  }

  private static boolean add(Handle handle, Line line, long now) {
    return handle
            .createUpdate(
                """
                UPDATE budget_window SET reserved = reserved + :amount, touched_at = :now
                WHERE budget = :budget AND period = :period AND (:forced = 1
                  OR spent + reserved + :amount
                    <= extra + (SELECT cap FROM budget WHERE id = :budget))\
                """)
            .bind("amount", line.amount())
            .bind("now", now)
            .bind("budget", line.budget())
            .bind("period", line.period())
            .bind("forced", line.forced() ? 1 : 0)
            .execute()
        == 1;
  }

  /** Makes the window's row where there is none. */
  private static void touch(Handle handle, UUID budget, String period, long now) {
    handle.execute(
        """
        INSERT INTO budget_window (budget, period, touched_at)
        SELECT id, ?, ? FROM budget WHERE id = ?
        ON CONFLICT (budget, period) DO NOTHING\
        """,
        period,
        now,
        budget);
  }

  /**
   * Puts what a call really consumed in the place of what was reserved; also where another node
   * took this one for dead, and has counted the reservation as spent.
   *
   * @param actual one for each line
   */
  void settle(UUID call, List<Line> lines, List<Long> actual) {
    database
        .get()
        .write(handle -> {
          for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            boolean held =
                handle.execute(
                        "DELETE FROM budget_hold WHERE call = ? AND budget = ?",
                        call,
                        line.budget())
                    == 1;
            handle.execute(
                """
                UPDATE budget_window SET reserved = reserved - ?, spent = spent + ?, touched_at = ?
                WHERE budget = ? AND period = ?\
                """,
                held ? line.amount() : 0L,
                held ? actual.get(i) : actual.get(i) - line.amount(),
                clock.millis(),
                line.budget(),
                line.period());
          }
          return lines.size();
        });
  }

  /** Tells that this process lives, so that its reservations stand. */
  void renew() {
    database
        .get()
        .write(handle ->
            handle.execute(
                "UPDATE budget_hold SET seen_at = ? WHERE process = ?", clock.millis(), process));
  }

  /** Counts as spent what processes have reserved that are gone: their calls may have been made. */
  int lapse() {
    long before = clock.instant().minus(LAPSE).toEpochMilli();
    List<Hold> gone =
        database
            .get()
            .read(handle ->
                handle
                    .createQuery(
                        """
                        SELECT call, budget, period, amount FROM budget_hold
                        WHERE seen_at < :before ORDER BY budget LIMIT 500\
                        """)
                    .bind("before", before)
                    .map((row, _) ->
                        new Hold(
                            database.get().dialect().readId(row, 1),
                            database.get().dialect().readId(row, 2),
                            row.getString(3),
                            row.getLong(4)))
                    .list());
    if (gone.isEmpty()) {
      return 0;
    }
    return database
        .get()
        .write(handle -> {
          for (Hold hold : gone) {
            if (handle.execute(
                    "DELETE FROM budget_hold WHERE call = ? AND budget = ? AND seen_at < ?",
                    hold.call(),
                    hold.budget(),
                    before)
                == 1) {
              handle.execute(
                  """
                  UPDATE budget_window SET reserved = reserved - ?, spent = spent + ?
                  WHERE budget = ? AND period = ?\
                  """,
                  hold.amount(),
                  hold.amount(),
                  hold.budget(),
                  hold.period());
            }
          }
          return gone.size();
        });
  }

  private record Hold(UUID call, UUID budget, String period, long amount) {}

  /** A window's figures; the budget's cap and nothing spent where there is no row of it. */
  Figures figures(Budget budget, String period) {
    return database.get().read(handle -> figures(handle, budget.id(), budget.cap(), period));
  }

  static Figures figures(Handle handle, UUID budget, long cap, String period) {
    return handle
        .createQuery(
            """
            SELECT extra, spent, reserved FROM budget_window
            WHERE budget = :budget AND period = :period\
            """)
        .bind("budget", budget)
        .bind("period", period)
        .map((row, _) -> new Figures(cap + row.getLong(1), row.getLong(2), row.getLong(3)))
        .findOne()
        .orElse(new Figures(cap, 0, 0));
  }

  /** Raises the cap of one window. */
  static void raise(Handle handle, UUID budget, String period, long by, Instant at) {
    touch(handle, budget, period, at.toEpochMilli());
    handle.execute(
        "UPDATE budget_window SET extra = extra + ? WHERE budget = ? AND period = ?",
        by,
        budget,
        period);
  }

  /** Forgets windows that are long over. */
  void forget(Instant before) {
    database
        .get()
        .write(handle ->
            handle.execute(
                """
                DELETE FROM budget_window WHERE touched_at < ? AND period <> 'total'
                  AND reserved = 0\
                """,
                before.toEpochMilli()));
  }

  /** There is no room for a line; the transaction is rolled back. */
  private static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Line line;

    Full(Line line) {
      super("full", null, false, false);
      this.line = line;
    }
  }
}
