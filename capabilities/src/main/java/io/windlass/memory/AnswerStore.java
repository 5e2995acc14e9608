package io.windlass.memory;

import io.windlass.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers by the question that they were given to; the newest are kept. */
final class AnswerStore {
  /** As many as are compared with a question. */
  static final int MOST_ANSWERS = 2_000;

  private final Supplier<Database> database;

  AnswerStore(Supplier<Database> database) {
    this.database = database;
  }

  /** A question that was answered, without the answer. */
  record Asked(String hash, String query, byte @Nullable [] vector) {}

  /** An answer to be kept. */
  record Answered(String query, String value, @Nullable String model, float @Nullable [] vector) {}

  List<Asked> asked(Drawer drawer, @Nullable String model, Instant now) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT hash, query, vector, model FROM memory_answer
                    WHERE owner = :owner AND scope = :scope AND expires_at > :now
                    ORDER BY created_at DESC LIMIT :most\
                    """)
                .bind("owner", drawer.owner())
                .bind("scope", drawer.scope())
                .bind("now", now.toEpochMilli())
                .bind("most", MOST_ANSWERS)
                .map((row, _) ->
                    new Asked(
                        row.getString(1),
                        row.getString(2),
                        model != null && model.equals(row.getString(4)) ? row.getBytes(3) : null))
                .list());
  }

  Optional<String> value(Drawer drawer, String hash) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT value FROM memory_answer
                    WHERE owner = :owner AND scope = :scope AND hash = :hash\
                    """)
                .bind("owner", drawer.owner())
                .bind("scope", drawer.scope())
                .bind("hash", hash)
                .mapTo(String.class)
                .findOne());
  }

  /** Keeps an answer, and drops those that have expired or are one too many. */
  void keep(Drawer drawer, Answered answered, Instant now, Instant until) {
    float[] vector = answered.vector();
    database
        .get()
        .write(handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO memory_answer
                    (owner, scope, hash, query, value, model, vector, created_at, expires_at)
                  VALUES (:owner, :scope, :hash, :query, :value, :model, :vector, :now, :until)
                  ON CONFLICT (owner, scope, hash) DO UPDATE SET value = excluded.value,
                    model = excluded.model, vector = excluded.vector,
                    created_at = excluded.created_at, expires_at = excluded.expires_at\
                  """)
              .bind("owner", drawer.owner())
              .bind("scope", drawer.scope())
              .bind("hash", Digest.of(answered.query()))
              .bind("query", answered.query())
              .bind("value", answered.value())
              .bind("model", answered.model())
              .bind("vector", vector == null ? null : Vectors.bytes(vector))
              .bind("now", now.toEpochMilli())
              .bind("until", until.toEpochMilli())
              .execute();
          return handle
              .createUpdate(
                  """
                  DELETE FROM memory_answer WHERE owner = :owner AND scope = :scope
                    AND (expires_at <= :now OR hash NOT IN (
                      SELECT hash FROM memory_answer WHERE owner = :owner AND scope = :scope
                      ORDER BY created_at DESC LIMIT :most))\
                  """)
              .bind("owner", drawer.owner())
              .bind("scope", drawer.scope())
              .bind("now", now.toEpochMilli())
              .bind("most", MOST_ANSWERS)
              .execute();
        });
  }
}
