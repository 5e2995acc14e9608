package io.windlass.generation;

import io.windlass.kernel.Json;
import io.windlass.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions that wait for answers, and what came of those that are over, for ten minutes. */
public final class GenerationStore {
  static final Duration KEPT = Duration.ofMinutes(10);

  private final Database database;
  private final InstantSource clock;

  public GenerationStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  void save(GenerationSession session) {
    put(session.id(), Json.write(session), null);
  }

  void end(GenerationSession session, Generation.Created created) {
    put(session.id(), Json.write(session), Json.write(created));
  }

  /** One that waits; empty when it is unknown, over, or expired. */
  Optional<GenerationSession> waiting(String id) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT session FROM generation
                WHERE id = :id AND outcome IS NULL AND expires_at > :now\
                """)
            .bind("id", id)
            .bind("now", clock.millis())
            .map((row, _) -> Json.read(row.getString(1), GenerationSession.class))
            .findOne());
  }

  /** What came of one that is over. */
  Optional<Generation.Created> outcome(String id) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT outcome FROM generation
                WHERE id = :id AND outcome IS NOT NULL AND expires_at > :now\
                """)
            .bind("id", id)
            .bind("now", clock.millis())
            .map((row, _) -> Json.read(row.getString(1), Generation.Created.class))
            .findOne());
  }

  private void put(String id, String session, @Nullable String outcome) {
    long now = clock.millis();
    database.write(handle -> {
      handle
          .createUpdate("DELETE FROM generation WHERE expires_at <= :now")
          .bind("now", now)
          .execute();
      return handle
          .createUpdate(
              """
              INSERT INTO generation (id, session, outcome, expires_at)
              VALUES (:id, :session, :outcome, :expires)
              ON CONFLICT (id) DO UPDATE SET session = excluded.session,
                outcome = excluded.outcome, expires_at = excluded.expires_at\
              """)
          .bind("id", id)
          .bind("session", session)
          .bind("outcome", outcome)
          .bind("expires", now + KEPT.toMillis())
          .execute();
    });
  }
}
