package io.windlass.schedule;

import io.windlass.kernel.ExecutionId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A definition started by the clock.
 *
 * @param id {@code sched_} and hexadecimal digits
 * @param label for people
 * @param kind the definition's kind
 * @param name the definition's name
 * @param input what each run gets
 * @param cron five fields: minute, hour, day of month, month, day of week
 * @param zone the time zone that the fields are read in
 * @param enabled whether it fires
 * @param overlap what to do while the last run has not ended
 * @param misfire what to do with due times that passed while nothing could fire
 * @param lateness how late a missed run may be caught up with; later it is skipped all the same
 * @param owner the user it belongs to
 * @param createdAt when it was made
 * @param lastRunAt when it last fired
 * @param lastRun the execution it last started
 * @param lastRunPublicId that execution's public id
 * @param nextRunAt when it fires next; null when it is disabled or never due again
 */
public record Schedule(
    String id,
    String label,
    String kind,
    String name,
    ObjectNode input,
    String cron,
    ZoneId zone,
    boolean enabled,
    Overlap overlap,
    Misfire misfire,
    Duration lateness,
    String owner,
    Instant createdAt,
    @Nullable Instant lastRunAt,
    @Nullable ExecutionId lastRun,
    @Nullable String lastRunPublicId,
    @Nullable Instant nextRunAt) {

  /** What a due schedule does while its last run has not ended. */
  public enum Overlap {
    SKIP,
    QUEUE,
    ALLOW
  }

  /** What happens to due times that were missed. */
  public enum Misfire {
    SKIP,
    ONCE
  }
}
