package io.windlass.surface.chains;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.windlass.schedule.Schedule;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A schedule on the wire. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScheduleJson(
    String id,
    String label,
    String type,
    String chainName,
    ObjectNode input,
    String cron,
    boolean enabled,
    @Nullable String createdAt,
    @Nullable String lastRunAt,
    @Nullable String lastRunId,
    @Nullable String lastRunStatus,
    @Nullable String nextRunAt,
    String timezone,
    String overlap,
    String misfire,
    long latenessMs) {

  static ScheduleJson of(Schedule schedule, @Nullable String lastRunStatus) {
    return new ScheduleJson(
        schedule.id(),
        schedule.label(),
        schedule.kind(),
        schedule.name(),
        schedule.input(),
        schedule.cron(),
        schedule.enabled(),
        Words.instant(schedule.createdAt()),
        Words.instant(schedule.lastRunAt()),
        schedule.lastRunPublicId(),
        lastRunStatus,
        Words.instant(schedule.nextRunAt()),
        schedule.zone().getId(),
        schedule.overlap().name().toLowerCase(Locale.ROOT),
        schedule.misfire().name().toLowerCase(Locale.ROOT),
        schedule.lateness().toMillis());
  }
}
