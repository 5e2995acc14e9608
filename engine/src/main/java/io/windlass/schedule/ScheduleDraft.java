package io.windlass.schedule;

import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What a user says of a schedule; null leaves a field as it is, or at its default in a new one. */
public record ScheduleDraft(
    @Nullable String label,
    @Nullable String kind,
    @Nullable String name,
    @Nullable ObjectNode input,
    @Nullable String cron,
    @Nullable ZoneId zone,
    @Nullable Boolean enabled,
    Schedule.@Nullable Overlap overlap,
    Schedule.@Nullable Misfire misfire,
    @Nullable Duration lateness) {}
