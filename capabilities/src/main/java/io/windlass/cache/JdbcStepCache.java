package io.windlass.cache;

import io.windlass.kernel.Json;
import io.windlass.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/**
 * The cache in the database, where it survives restarts and all nodes see it. Whoever adds to it
 * sweeps it now and then: what has expired goes, then the oldest above the bounds.
 */
public final class JdbcStepCache implements StepCache {
  private static final Duration SWEEP = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(366);
  private final Supplier<Database> database;
  private final InstantSource clock;
  private final Bounds bounds;
  private final AtomicLong nextSweep = new AtomicLong();

  /**
   * How much is kept.
   *
   * @param entries how many entries
   * @param characters of all entries together
   * @param largest characters of one entry
   */
  public record Bounds(long entries, long characters, int largest) {
    public static final Bounds STANDARD = new Bounds(20_000, 256L << 20, 6_000_000);
  }

  /**
   * @param database asked when it is needed, since the steps are built before it is opened
   */
  public JdbcStepCache(Supplier<Database> database, InstantSource clock) {
    this(database, clock, Bounds.STANDARD);
  }

  JdbcStepCache(Supplier<Database> database, InstantSource clock, Bounds bounds) {
    this.database = database;
    this.clock = clock;
    this.bounds = bounds;
  }

  @Override
  public Optional<JsonNode> find(String kind, String name, String key) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT entry FROM step_cache
                    WHERE kind = :kind AND name = :name AND key = :key AND expires_at > :now\
                    """)
                .bind("kind", kind)
                .bind("name", name)
                .bind("key", key)
                .bind("now", clock.millis())
                .mapTo(String.class)
                .findOne())
        .map(Json::read);
  }

  @Override
  public void put(String kind, String name, String key, JsonNode entry, Duration ttl) {
    String text = Json.write(entry);
    if (text.length() > bounds.largest() || ttl.isZero() || ttl.isNegative()) {
      return;
    }
    Instant now = clock.instant();
    Duration time = ttl.compareTo(LONGEST) > 0 ? LONGEST : ttl;
    database
        .get()
        .write(handle -> {
          int kept =
              handle
                  .createUpdate(
                      """
                      INSERT INTO step_cache (kind, name, key, entry, size, created_at, expires_at)
                      VALUES (:kind, :name, :key, :entry, :size, :now, :until)
                      ON CONFLICT (kind, name, key) DO UPDATE SET entry = excluded.entry,
                        size = excluded.size, created_at = excluded.created_at,
                        expires_at = excluded.expires_at\
                      """)
                  .bind("kind", kind)
                  .bind("name", name)
                  .bind("key", key)
                  .bind("entry", text)
                  .bind("size", (long) text.length())
                  .bind("now", now.toEpochMilli())
                  .bind("until", now.plus(time).toEpochMilli())
                  .execute();
          if (isTimeToSweep(now.toEpochMilli())) {
            sweep(handle, now.toEpochMilli());
          }
          return kept;
        });
  }

  private boolean isTimeToSweep(long now) {
    long due = nextSweep.get();
    return now >= due && nextSweep.compareAndSet(due, now + SWEEP.toMillis());
  }

  private void sweep(Handle handle, long now) {
    handle.execute("DELETE FROM step_cache WHERE expires_at <= ?", now);
    // The running sum from the newest entry on tells which old ones are above either bound.
    handle.execute(
        """
        DELETE FROM step_cache WHERE created_at <= (
          SELECT max(created_at) FROM (
            SELECT created_at, sum(size) OVER newest AS characters, count(*) OVER newest AS entries
            FROM step_cache
            WINDOW newest AS (ORDER BY created_at DESC, key ROWS UNBOUNDED PRECEDING)
          ) AS ranked
          WHERE characters > ? OR entries > ?)\
        """,
        bounds.characters(),
        bounds.entries());
  }
}
