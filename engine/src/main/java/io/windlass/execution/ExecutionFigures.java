package io.windlass.execution;

import io.windlass.store.Database;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts executions in the store. */
public final class ExecutionFigures {
  private final Database database;

  public ExecutionFigures(Database database) {
    this.database = database;
  }

  /**
   * What the executions of all kinds come to.
   *
   * @param active accepted and not ended, waiting ones among them
   * @param succeeded ended well since
   * @param failed failed since
   * @param averageMillis from acceptance to the end of those that ended well since; null for none
   */
  public record Totals(long active, long succeeded, long failed, @Nullable Double averageMillis) {}

  /** Those that are active, and those that have ended since then. */
  public Totals since(Instant since) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT
                  (SELECT count(*) FROM execution WHERE status IN ('QUEUED', 'RUNNING', 'WAITING')),
                  count(CASE WHEN status = 'SUCCEEDED' THEN 1 END),
                  count(CASE WHEN status = 'FAILED' THEN 1 END),
                  avg(CASE WHEN status = 'SUCCEEDED' THEN finished_at - created_at END)
                FROM execution WHERE finished_at >= :since\
                """)
            .bind("since", since.toEpochMilli())
            .map((row, _) -> {
              double average = row.getDouble(4);
              boolean none = row.wasNull();
              return new Totals(
                  row.getLong(1), row.getLong(2), row.getLong(3), none ? null : average);
            })
            .one());
  }

  /** How many have been accepted in all, children of others left out. */
  public long accepted() {
    return database.read(handle ->
        handle
            .createQuery("SELECT count(*) FROM execution WHERE parent IS NULL")
            .mapTo(Long.class)
            .one());
  }
}
