package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which node an execution belongs to: takes, finds what is there to be taken, lets go. */
final class ClaimStore {
  /** SQLite uses a partial index only where its condition stands in the query word by word. */
  private static final String ACTIVE = "WHERE status IN ('QUEUED', 'RUNNING', 'WAITING') AND ";

  private final Database database;
  private final ExecutionRows rows;

  ClaimStore(Database database) {
    this.database = database;
    this.rows = new ExecutionRows(database);
  }

  /**
   * Takes an execution over for a node: raises its epoch and makes it RUNNING.
   *
   * @return its row as it is now; empty when its epoch or status is not the expected one any more
   */
  Optional<StoredExecution> take(ExecutionId id, long epoch, ExecutionStatus from, String node) {
    return database.write(handle -> {
      int changed =
          handle
              .createUpdate(
                  """
                  UPDATE execution SET status = 'RUNNING', epoch = epoch + 1, node = :node,
                    wake_at = NULL, finished_at = NULL, error = NULL, result = NULL
                  WHERE id = :id AND epoch = :epoch AND status = :status\
                  """)
              .bind("node", node)
              .bind("id", id.value())
              .bind("epoch", epoch)
              .bind("status", from.name())
              .execute();
      return changed == 0
          ? Optional.empty()
          : rows.many(handle, "WHERE id = :id", query -> query.bind("id", id.value())).stream()
              .findFirst();
    });
  }

  /** Executions that stand as running under a node. */
  List<StoredExecution> ownedBy(String node) {
    return rows.many(
        ACTIVE + "status = 'RUNNING' AND node = :node ORDER BY id",
        query -> query.bind("node", node));
  }

  List<ExecutionId> idsOwnedBy(String node) {
    return database.read(handle ->
        handle
            .createQuery(
                "SELECT id FROM execution " + ACTIVE + "status = 'RUNNING' AND node = :node")
            .bind("node", node)
            .map((row, _) -> new ExecutionId(database.dialect().readId(row, 1)))
            .list());
  }

  /** Executions that a stopping node has let go. */
  List<StoredExecution> unowned(int limit) {
    return rows.many(
        ACTIVE + "status = 'RUNNING' AND node IS NULL ORDER BY id LIMIT :limit",
        query -> query.bind("limit", limit));
  }

  /** Executions that go on although the one that started them was cut short. */
  List<ExecutionId> strays() {
    return database.read(handle ->
        handle
            .createQuery(
                "SELECT id FROM execution "
                    + ACTIVE
                    + """
                    parent IS NOT NULL AND EXISTS (
                      SELECT 1 FROM execution p WHERE p.id = execution.parent
                        AND p.status IN ('FAILED', 'CANCELLED'))\
                    """)
            .map((row, _) -> new ExecutionId(database.dialect().readId(row, 1)))
            .list());
  }

  /** Queued executions whose turn has come. */
  List<StoredExecution> next(int limit) {
    return rows.many(
        ACTIVE
            + """
            status = 'QUEUED' AND EXISTS (
              SELECT 1 FROM execution o WHERE o.id = execution.after_run
                AND o.status IN ('SUCCEEDED', 'FAILED', 'CANCELLED'))
            ORDER BY id LIMIT :limit\
            """,
        query -> query.bind("limit", limit));
  }

  /** Lets go of everything that a node runs, for others to take at once. */
  void release(String node) {
    database.write(handle ->
        handle
            .createUpdate(
                "UPDATE execution SET node = NULL WHERE status = 'RUNNING' AND node = :node")
            .bind("node", node)
            .execute());
  }

  /** Executions whose time to wake has come and that this node may wake. */
  List<StoredExecution> due(Instant now, String node, int limit) {
    return rows.many(
        """
        WHERE wake_at <= :now AND (status IN ('WAITING', 'QUEUED')
          OR (status = 'RUNNING' AND node = :node))
        ORDER BY wake_at LIMIT :limit\
        """,
        query -> query.bind("now", now.toEpochMilli()).bind("node", node).bind("limit", limit));
  }

  /** Takes the mark away, unless it is there for somebody's wish to have it cancelled. */
  void clearWake(ExecutionId id) {
    database.write(handle ->
        handle
            .createUpdate(
                "UPDATE execution SET wake_at = NULL WHERE id = :id AND cancel_by IS NULL")
            .bind("id", id.value())
            .execute());
  }

  /** Asks the node that runs an execution, or else the next that takes it up, to cancel it. */
  void askToCancel(ExecutionId id, String by, Instant now) {
    database.write(handle ->
        handle
            .createUpdate(
                """
                UPDATE execution SET cancel_by = :by, wake_at = :now
                WHERE id = :id AND status IN ('QUEUED', 'RUNNING', 'WAITING')\
                """)
            .bind("by", by)
            .bind("now", now.toEpochMilli())
            .bind("id", id.value())
            .execute());
  }

  record CancelRequest(ExecutionId id, String by) {}

  List<CancelRequest> toCancel(String node) {
    return database.read(handle ->
        handle
            .createQuery(
                "SELECT id, cancel_by FROM execution WHERE cancel_by IS NOT NULL AND node = :n")
            .bind("n", node)
            .map((row, _) ->
                new CancelRequest(
                    new ExecutionId(database.dialect().readId(row, 1)), row.getString(2)))
            .list());
  }
}
