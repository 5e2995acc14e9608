package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.Usage;
import io.windlass.store.Database;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads rows of the execution table. */
final class ExecutionRows {
  private static final String COLUMNS =
      """
      SELECT id, public_id, kind, name, version_id, origin, owner, status, input, result, error,
        steps, model, input_tokens, output_tokens, cost_usd, created_at, finished_at, parent,
        parent_key, depth, rerun_of, after_run, admission, epoch, node, wake_at,
        cancel_by
      FROM execution\s\
      """;
  private final Database database;

  ExecutionRows(Database database) {
    this.database = database;
  }

  interface Binding {
    void bind(Query query);
  }

  /** The first of the rows that a WHERE clause, and what comes after it, names. */
  Optional<StoredExecution> one(String where, Binding binding) {
    return many(where, binding).stream().findFirst();
  }

  List<StoredExecution> many(String where, Binding binding) {
    return database.read(handle -> many(handle, where, binding));
  }

  List<StoredExecution> many(Handle handle, String where, Binding binding) {
    Query query = handle.createQuery(COLUMNS + where);
    binding.bind(query);
    return query.map((row, _) -> stored(row)).list();
  }

  private StoredExecution stored(ResultSet row) throws SQLException {
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
    return new StoredExecution(
        execution,
        row.getString(12),
        row.getString(20),
        row.getInt(21),
        row.getString(24),
        wakeAt,
        row.getString(28));
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
