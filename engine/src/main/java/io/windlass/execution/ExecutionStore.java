package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Usage;
import io.windlass.store.Database;
import io.windlass.store.RowWrite;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The execution table: rows, and the writes that go along with journal entries. */
final class ExecutionStore {
  private static final Pattern ENGINE_ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final String COLUMNS =
      """
      SELECT id, public_id, kind, name, version_id, origin, owner, status, input, result, error,
        steps, model, input_tokens, output_tokens, cost_usd, created_at, finished_at, parent,
        parent_key, depth, rerun_of, after_run, admission, epoch, node, wake_at
      FROM execution\s\
      """;
  private static final String INSERT =
      """
      INSERT INTO execution (id, public_id, kind, name, version_id, origin, owner, status, input,
        created_at, parent, parent_key, depth, rerun_of, after_run, admission, epoch, node)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;
  private static final String INSERT_KEY =
      "INSERT INTO idempotency (owner, key, execution, request, created_at) VALUES (?, ?, ?, ?, ?)";
  private static final String END =
      """
      UPDATE execution SET status = ?, result = ?, error = ?, steps = ?, model = ?,
        input_tokens = ?, output_tokens = ?, cost_usd = ?, finished_at = ?, wake_at = NULL,
        cancel_by = NULL
      WHERE id = ? AND epoch = ?\
      """;
  private static final String PARK =
      """
      UPDATE execution SET status = 'WAITING', node = NULL, steps = ?, model = ?,
        input_tokens = ?, output_tokens = ?, cost_usd = ?,
        wake_at = coalesce(wake_at, ?)
      WHERE id = ? AND epoch = ?\
      """;
  private static final String WAKE = "UPDATE execution SET wake_at = ? WHERE id = ?";
  private static final String WAKE_AFTER =
      "UPDATE execution SET wake_at = ? WHERE after_run = ? AND status = 'QUEUED'";

  /** SQLite uses a partial index only where its condition stands in the query word by word. */
  private static final String ACTIVE = "WHERE status IN ('QUEUED', 'RUNNING', 'WAITING') AND ";

  private final Database database;

  ExecutionStore(Database database) {
    this.database = database;
  }

  /** A row with what only the engine needs of it. */
  record Stored(
      Execution execution,
      @Nullable String steps,
      @Nullable String parentKey,
      int depth,
      @Nullable String admission,
      @Nullable Instant wakeAt) {}

  static RowWrite insert(Execution e, NewExecution more) {
    return RowWrite.of(
        INSERT,
        e.id().value(),
        e.publicId(),
        e.kind(),
        e.name(),
        e.versionId(),
        e.origin(),
        e.owner(),
        e.status().name(),
        e.input().toString(),
        e.createdAt().toEpochMilli(),
        e.parent() == null ? null : e.parent().value(),
        more.parentKey(),
        more.depth(),
        e.rerunOf() == null ? null : e.rerunOf().value(),
        more.afterRun() == null ? null : more.afterRun().value(),
        more.admission(),
        e.epoch(),
        e.node());
  }

  static RowWrite insertKey(String owner, String key, ExecutionId id, String request, Instant at) {
    return RowWrite.of(INSERT_KEY, owner, key, id.value(), request, at.toEpochMilli());
  }

  static RowWrite end(
      ExecutionId id,
      long epoch,
      ExecutionStatus status,
      @Nullable String result,
      @Nullable String error,
      List<StepView> steps,
      Usage usage,
      Instant at) {
    return RowWrite.of(
        END,
        status.name(),
        result,
        error,
        StepSummary.write(steps),
        usage.model(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.costUsd() == null ? null : usage.costUsd().toPlainString(),
        at.toEpochMilli(),
        id.value(),
        epoch);
  }

  /** Parks; a wake-up that came while the execution was running stays, and is due at once. */
  static RowWrite park(
      ExecutionId id, long epoch, List<StepView> steps, Usage usage, @Nullable Instant wakeAt) {
    return RowWrite.of(
        PARK,
        StepSummary.write(steps),
        usage.model(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.costUsd() == null ? null : usage.costUsd().toPlainString(),
        wakeAt == null ? null : wakeAt.toEpochMilli(),
        id.value(),
        epoch);
  }

  /** Marks an execution as having something to wake for, whatever its status. */
  static RowWrite wake(ExecutionId id, Instant now) {
    return RowWrite.of(WAKE, now.toEpochMilli(), id.value());
  }

  static RowWrite wakeQueuedAfter(ExecutionId id, Instant now) {
    return RowWrite.of(WAKE_AFTER, now.toEpochMilli(), id.value());
  }

  Optional<Stored> find(ExecutionId id) {
    return one(COLUMNS + "WHERE id = :id", query -> query.bind("id", id.value()));
  }

  Optional<Stored> findAny(String anyId) {
    if (ENGINE_ID.matcher(anyId).matches()) {
      return find(ExecutionId.parse(anyId));
    }
    return one(COLUMNS + "WHERE public_id = :id", query -> query.bind("id", anyId));
  }

  Stored get(ExecutionId id) {
    return find(id)
        .orElseThrow(() ->
            new WindlassException(
                ErrorCode.EXECUTION_NOT_FOUND, "There is no execution " + id + "."));
  }

  Optional<Stored> findChild(ExecutionId parent, String key) {
    return one(
        COLUMNS + "WHERE parent = :parent AND parent_key = :key",
        query -> query.bind("parent", parent.value()).bind("key", key));
  }

  List<Stored> children(ExecutionId parent) {
    return many(COLUMNS + "WHERE parent = :parent", query -> query.bind("parent", parent.value()));
  }

  record Key(ExecutionId execution, String request) {}

  Optional<Key> findKey(String owner, String key) {
    return database.read(handle ->
        handle
            .createQuery(
                "SELECT execution, request FROM idempotency WHERE owner = :owner AND key = :key")
            .bind("owner", owner)
            .bind("key", key)
            .map((row, _) ->
                new Key(new ExecutionId(database.dialect().readId(row, 1)), row.getString(2)))
            .findOne());
  }

  /** Newest first; before the cursor id when there is one. */
  List<Stored> list(ExecutionFilter filter, @Nullable UUID before, int limit, long offset) {
    List<String> where = new ArrayList<>();
    if (!filter.kinds().isEmpty()) {
      where.add("kind IN (<kinds>)");
    }
    if (!filter.statuses().isEmpty()) {
      where.add("status IN (<statuses>)");
    }
    if (filter.name() != null) {
      where.add("name = :name");
    }
    if (filter.owner() != null) {
      where.add("owner = :owner");
    }
    if (filter.createdAfter() != null) {
      where.add("created_at >= :createdAfter");
    }
    if (filter.createdBefore() != null) {
      where.add("created_at < :createdBefore");
    }
    if (before != null) {
      where.add("id < :before");
    }
    String condition = where.isEmpty() ? "" : "WHERE " + String.join(" AND ", where);
    return many(
        COLUMNS + condition + " ORDER BY id DESC LIMIT :limit OFFSET :offset",
        query -> {
          bindFilter(query, filter);
          if (before != null) {
            query.bind("before", before);
          }
          query.bind("limit", limit).bind("offset", offset);
        });
  }

  private static void bindFilter(Query query, ExecutionFilter filter) {
    if (!filter.kinds().isEmpty()) {
      query.bindList("kinds", List.copyOf(filter.kinds()));
    }
    if (!filter.statuses().isEmpty()) {
      query.bindList("statuses", filter.statuses().stream().map(Enum::name).toList());
    }
    if (filter.name() != null) {
      query.bind("name", filter.name());
    }
    if (filter.owner() != null) {
      query.bind("owner", filter.owner());
    }
    if (filter.createdAfter() != null) {
      query.bind("createdAfter", filter.createdAfter().toEpochMilli());
    }
    if (filter.createdBefore() != null) {
      query.bind("createdBefore", filter.createdBefore().toEpochMilli());
    }
  }

  /**
   * Takes an execution over for a node: raises its epoch and makes it RUNNING.
   *
   * @return its row as it is now; empty when its epoch or status is not the expected one any more
   */
  Optional<Stored> take(ExecutionId id, long epoch, ExecutionStatus from, String node) {
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
          : handle
              .createQuery(COLUMNS + "WHERE id = :id")
              .bind("id", id.value())
              .map((row, _) -> stored(row))
              .findOne();
    });
  }

  /** Executions that stand as running under a node. */
  List<Stored> ownedBy(String node) {
    return many(
        COLUMNS + ACTIVE + "status = 'RUNNING' AND node = :node ORDER BY id",
        query -> query.bind("node", node));
  }

  /** Executions that a stopping node has let go. */
  List<Stored> unowned(int limit) {
    return many(
        COLUMNS + ACTIVE + "status = 'RUNNING' AND node IS NULL ORDER BY id LIMIT :limit",
        query -> query.bind("limit", limit));
  }

  /** Queued executions whose turn has come. */
  List<Stored> next(int limit) {
    return many(
        COLUMNS
            + ACTIVE
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
  List<Stored> due(Instant now, String node, int limit) {
    return many(
        COLUMNS
            + """
            WHERE wake_at <= :now AND (status IN ('WAITING', 'QUEUED')
              OR (status = 'RUNNING' AND node = :node))
            ORDER BY wake_at LIMIT :limit\
            """,
        query -> query.bind("now", now.toEpochMilli()).bind("node", node).bind("limit", limit));
  }

  void clearWake(ExecutionId id) {
    database.write(handle ->
        handle
            .createUpdate("UPDATE execution SET wake_at = NULL WHERE id = :id")
            .bind("id", id.value())
            .execute());
  }

  /** Asks the node that runs an execution to cancel it. */
  void askToCancel(ExecutionId id, String by) {
    database.write(handle ->
        handle
            .createUpdate("UPDATE execution SET cancel_by = :by WHERE id = :id")
            .bind("by", by)
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

  private interface Binding {
    void bind(Query query);
  }

  private Optional<Stored> one(String sql, Binding binding) {
    return many(sql, binding).stream().findFirst();
  }

  private List<Stored> many(String sql, Binding binding) {
    return database.read(handle -> {
      Query query = handle.createQuery(sql);
      binding.bind(query);
      return query.map((row, _) -> stored(row)).list();
    });
  }

  private Stored stored(ResultSet row) throws SQLException {
    var dialect = database.dialect();
    Execution execution =
        new Execution(
            new ExecutionId(dialect.readId(row, 1)),
            row.getString(2),
            row.getString(3),
            row.getString(4),
            dialect.readId(row, 5),
            row.getString(6),
            row.getString(7),
            ExecutionStatus.valueOf(row.getString(8)),
            Json.read(row.getString(9), ObjectNode.class),
            row.getString(10) == null ? null : Json.read(row.getString(10)),
            row.getString(11),
            new Usage(
                row.getString(13),
                row.getLong(14),
                row.getLong(15),
                row.getString(16) == null ? null : new BigDecimal(row.getString(16))),
            Instant.ofEpochMilli(row.getLong(17)),
            instant(row, 18),
            id(row, 19),
            id(row, 22),
            row.getLong(25),
            row.getString(26));
    Instant wakeAt = instant(row, 27);
    return new Stored(
        execution, row.getString(12), row.getString(20), row.getInt(21), row.getString(24), wakeAt);
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private @Nullable ExecutionId id(ResultSet row, int column) throws SQLException {
    return row.getObject(column) == null
        ? null
        : new ExecutionId(database.dialect().readId(row, column));
  }
}
