package io.windlass.surface.unified;

import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleDraft;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ObjectNode;

/** A schedule on the wire. */
@JsonNaming(SnakeCaseStrategy.class)
record ScheduleJson(
    String id,
    String label,
    String kind,
    String name,
    ObjectNode input,
    String cron,
    String timeZone,
    boolean enabled,
    String overlap,
    String misfire,
    long latenessSeconds,
    String owner,
    Instant createdAt,
    @Nullable Instant lastRunAt,
    @Nullable LastRun lastRun,
    @Nullable Instant nextRunAt) {

  /** The longest lateness that is taken, in seconds: a year. */
  private static final long MAX_LATENESS = 366L * 24 * 60 * 60;

  /** The execution that it started last. */
  @JsonNaming(SnakeCaseStrategy.class)
  record LastRun(String id, @Nullable String publicId) {}

  static ScheduleJson of(Schedule one) {
    return new ScheduleJson(
        one.id(),
        one.label(),
        one.kind(),
        one.name(),
        one.input(),
        one.cron(),
        one.zone().getId(),
        one.enabled(),
        Words.of(one.overlap()),
        Words.of(one.misfire()),
        one.lateness().toSeconds(),
        one.owner(),
        one.createdAt(),
        one.lastRunAt(),
        one.lastRun() == null ? null : new LastRun(one.lastRun().toString(), one.lastRunPublicId()),
        one.nextRunAt());
  }

  /** Reads what a user says of a new schedule, or of the fields of a known one to be changed. */
  static ScheduleDraft draft(ObjectNode body, boolean isNew) {
    Fields fields = new Fields(body);
    Long lateness = fields.wholeNumber("lateness_seconds");
    if (lateness != null && lateness > MAX_LATENESS) {
      fields.fault("lateness_seconds", lateness + " is more than " + MAX_LATENESS);
    }
    ScheduleDraft draft =
        new ScheduleDraft(
            fields.text("label"),
            isNew ? fields.required("kind") : fields.text("kind"),
            isNew ? fields.required("name") : fields.text("name"),
            fields.object("input"),
            isNew ? fields.required("cron") : fields.text("cron"),
            zone(fields),
            fields.flag("enabled"),
            fields.word("overlap", Schedule.Overlap.class),
            fields.word("misfire", Schedule.Misfire.class),
            lateness == null ? null : Duration.ofSeconds(Math.min(lateness, MAX_LATENESS)));
    fields.check();
    return draft;
  }

  private static @Nullable ZoneId zone(Fields fields) {
    String name = fields.text("time_zone");
    if (name == null) {
      return null;
    }
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      fields.fault("time_zone", "'" + name + "' is no time zone: write it as Europe/Brussels");
      return null;
    }
  }
}
