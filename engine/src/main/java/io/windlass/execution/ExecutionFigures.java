package io.windlass.execution;

import io.windlass.store.Database;
import java.time.Instant;
import java.util.Map;
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

  /**
   * Those that are active, and those that have ended since then.
   *
   * @param owner whose are counted; null for everybody's
   */
  public Totals since(Instant since, @Nullable String owner) {
    String mine = owner == null ? "" : " AND owner = :owner";
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT
                  (SELECT count(*) FROM execution
                    WHERE status IN ('QUEUED', 'RUNNING', 'WAITING')<mine>),
                  count(CASE WHEN status = 'SUCCEEDED' THEN 1 END),
                  count(CASE WHEN status = 'FAILED' THEN 1 END),
                  avg(CASE WHEN status = 'SUCCEEDED' THEN finished_at - created_at END)
                FROM execution WHERE finished_at >= :since<mine>\
                """)
            .define("mine", mine)
            .bind("since", since.toEpochMilli())
            .bindMap(bound(owner))
            .map((row, _) -> {
              double average = row.getDouble(4);
              boolean none = row.wasNull();
              return new Totals(
                  row.getLong(1), row.getLong(2), row.getLong(3), none ? null : average);
            })
            .one());
  }

  private static Map<String, String> bound(@Nullable String owner) {
    return owner == null ? Map.of() : Map.of("owner", owner);
  }

  /**
   * How many have been accepted in all, children of others left out.
   *
   * @param owner whose are counted; null for everybody's
   */
  public long accepted(@Nullable String owner) {
    String mine = owner == null ? "" : " AND owner = :owner";
    return database.read(handle ->
        handle
            .createQuery("SELECT count(*) FROM execution WHERE parent IS NULL" + mine)
            .bindMap(bound(owner))
            .mapTo(Long.class)
            .one());
  }
}
