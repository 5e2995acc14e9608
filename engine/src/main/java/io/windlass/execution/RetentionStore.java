package io.windlass.execution;

import io.windlass.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Deletes what need not be kept any longer. */
final class RetentionStore {
  private final Database database;

  RetentionStore(Database database) {
    this.database = database;
  }

  /** Deletes executions that ended before a time, with their journals and approvals. */
  int deleteEndedBefore(Instant time, int limit) {
    List<UUID> old =
        database.read(handle ->
            handle
                .createQuery(
                    """
                    SELECT id FROM execution
                    WHERE created_at < :time AND finished_at < :time
                      AND status IN ('SUCCEEDED', 'FAILED', 'CANCELLED')
                    ORDER BY id LIMIT :limit\
                    """)
                .bind("time", time.toEpochMilli())
                .bind("limit", limit)
                .map((row, _) -> database.dialect().readId(row, 1))
                .list());
    if (!old.isEmpty()) {
      database.write(handle -> {
        for (String sql :
            List.of(
                "DELETE FROM journal WHERE execution = ?",
                "DELETE FROM approval WHERE execution = ?",
                "DELETE FROM idempotency WHERE execution = ?",
                "DELETE FROM execution WHERE id = ?")) {
          var batch = handle.prepareBatch(sql);
          old.forEach(id -> batch.bind(0, id).add());
          batch.execute();
        }
        return old.size();
      });
    }
    return old.size();
  }
}
