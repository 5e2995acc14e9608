package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import io.windlass.store.RowWrite;
import java.time.Instant;
import java.util.Optional;

/** The keys that executions were started with. */
final class IdempotencyStore {
  private static final String INSERT =
      "INSERT INTO idempotency (owner, key, execution, request, created_at) VALUES (?, ?, ?, ?, ?)";

  private final Database database;

  IdempotencyStore(Database database) {
    this.database = database;
  }

  static RowWrite insert(String owner, String key, ExecutionId id, String request, Instant at) {
    return RowWrite.of(INSERT, owner, key, id.value(), request, at.toEpochMilli());
  }

  record Key(ExecutionId execution, String request) {}

  Optional<Key> find(String owner, String key) {
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
}
