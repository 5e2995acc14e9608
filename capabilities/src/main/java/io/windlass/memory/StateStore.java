package io.windlass.memory;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Values by name. */
final class StateStore {
  static final int MOST_NAMES = 10_000;
  private final Supplier<Database> database;

  StateStore(Supplier<Database> database) {
    this.database = database;
  }

  Optional<String> load(Drawer drawer, String name) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT value FROM memory_state
                    WHERE owner = :owner AND scope = :scope AND name = :name\
                    """)
                .bind("owner", drawer.owner())
                .bind("scope", drawer.scope())
                .bind("name", name)
                .mapTo(String.class)
                .findOne());
  }

  void save(Drawer drawer, String name, String value, Instant now) {
    database
        .get()
        .write(handle -> {
          int updated =
              handle
                  .createUpdate(
                      """
                      UPDATE memory_state SET value = :value, updated_at = :now
                      WHERE owner = :owner AND scope = :scope AND name = :name\
                      """)
                  .bind("value", value)
                  .bind("now", now.toEpochMilli())
                  .bind("owner", drawer.owner())
                  .bind("scope", drawer.scope())
                  .bind("name", name)
                  .execute();
          if (updated == 1) {
            return updated;
          }
          long names =
              handle
                  .createQuery(
                      """
                      SELECT count(*) FROM memory_state WHERE owner = :owner AND scope = :scope\
                      """)
                  .bind("owner", drawer.owner())
                  .bind("scope", drawer.scope())
                  .mapTo(Long.class)
                  .one();
          if (names >= MOST_NAMES) {
            throw new WindlassException(
                ErrorCode.TOO_LARGE,
                "state_save: the scope \"%s\" holds %d keys, which is the most; use another scope"
                    .formatted(drawer.scope(), names));
          }
          return handle
              .createUpdate(
                  """
                  INSERT INTO memory_state (owner, scope, name, value, updated_at)
                  VALUES (:owner, :scope, :name, :value, :now)
                  ON CONFLICT (owner, scope, name)
                    DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at\
                  """)
              .bind("owner", drawer.owner())
              .bind("scope", drawer.scope())
              .bind("name", name)
              .bind("value", value)
              .bind("now", now.toEpochMilli())
              .execute();
        });
  }
}
