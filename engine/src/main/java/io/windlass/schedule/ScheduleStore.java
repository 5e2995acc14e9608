package io.windlass.schedule;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The schedule table. */
final class ScheduleStore {
  private static final String COLUMNS =
      """
      SELECT id, label, kind, name, input, cron, zone, enabled, overlap, misfire, lateness_ms, owner,
        created_at, last_run_at, last_run, last_run_public_id, next_run_at
      FROM schedule\s\
      """;

  private final Database database;

  ScheduleStore(Database database) {
    this.database = database;
  }

  List<Schedule> list() {
    return database.read(handle ->
        handle.createQuery(COLUMNS + "ORDER BY created_at, id").map((row, _) -> read(row)).list());
  }

  Optional<Schedule> find(String id) {
    return database.read(handle ->
        handle
            .createQuery(COLUMNS + "WHERE id = :id")
            .bind("id", id)
            .map((row, _) -> read(row))
            .findOne());
  }

  /** Inserts, or replaces what a user can say of it. */
  void save(Schedule s) {
    database.write(handle ->
        handle
            .createUpdate(
                """
                INSERT INTO schedule (id, label, kind, name, input, cron, zone, enabled, overlap,
                  misfire, lateness_ms, owner, created_at, next_run_at)
                VALUES (:id, :label, :kind, :name, :input, :cron, :zone, :enabled, :overlap,
                  :misfire, :lateness, :owner, :created, :next)
                ON CONFLICT (id) DO UPDATE SET label = excluded.label, kind = excluded.kind,
                  name = excluded.name, input = excluded.input, cron = excluded.cron,
                  zone = excluded.zone, enabled = excluded.enabled, overlap = excluded.overlap,
                  misfire = excluded.misfire, lateness_ms = excluded.lateness_ms,
                  next_run_at = excluded.next_run_at\
                """)
            .bind("id", s.id())
            .bind("label", s.label())
            .bind("kind", s.kind())
            .bind("name", s.name())
            .bind("input", s.input().toString())
            .bind("cron", s.cron())
            .bind("zone", s.zone().getId())
            .bind("enabled", s.enabled() ? 1L : 0L)
            .bind("overlap", s.overlap().name())
            .bind("misfire", s.misfire().name())
            .bind("lateness", s.lateness().toMillis())
            .bind("owner", s.owner())
            .bind("created", s.createdAt().toEpochMilli())
            .bind("next", millis(s.nextRunAt()))
            .execute());
  }

  void ran(String id, ScheduleTarget.Started run, Instant at) {
    database.write(handle ->
        handle
            .createUpdate(
                """
                UPDATE schedule SET last_run_at = :at, last_run = :run,
                  last_run_public_id = :publicId
                WHERE id = :id\
                """)
            .bind("at", at.toEpochMilli())
            .bind("run", run.id().value())
            .bind("publicId", run.publicId())
            .bind("id", id)
            .execute());
  }

  /** Moves on to the next due time, unless somebody changed the rule meanwhile. */
  boolean advance(String id, Instant due, @Nullable Instant next) {
    return database.write(handle ->
        handle
            .createUpdate(
                """
                UPDATE schedule SET next_run_at = :next
                WHERE id = :id AND next_run_at = :due\
                """)
            .bind("next", millis(next))
            .bind("id", id)
            .bind("due", due.toEpochMilli())
            .execute())
        == 1;
  }

  boolean delete(String id) {
    return database.write(handle ->
        handle.createUpdate("DELETE FROM schedule WHERE id = :id").bind("id", id).execute())
        == 1;
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  private Schedule read(ResultSet row) throws SQLException {
    return new Schedule(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        Json.read(row.getString(5), ObjectNode.class),
        row.getString(6),
        ZoneId.of(row.getString(7)),
        row.getLong(8) == 1,
        Schedule.Overlap.valueOf(row.getString(9)),
        Schedule.Misfire.valueOf(row.getString(10)),
        Duration.ofMillis(row.getLong(11)),
        row.getString(12),
        Instant.ofEpochMilli(row.getLong(13)),
        instant(row, 14),
        row.getObject(15) == null ? null : new ExecutionId(database.dialect().readId(row, 15)),
        row.getString(16),
        instant(row, 17));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
