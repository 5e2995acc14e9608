package io.windlass.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** A cron expression of five fields in a time zone. */
public final class CronRule {
  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private final ExecutionTime times;
  private final ZoneId zone;

  private CronRule(ExecutionTime times, ZoneId zone) {
    this.times = times;
    this.zone = zone;
  }

  /**
   * Reads an expression as minute, hour, day of month, month, day of week.
   *
   * @throws WindlassException INVALID_SCHEDULE telling what is wrong with it
   */
  public static CronRule parse(String expression, ZoneId zone) {
    try {
      Cron cron = PARSER.parse(expression).validate();
      return new CronRule(ExecutionTime.forCron(cron), zone);
    } catch (IllegalArgumentException e) {
      throw new WindlassException(
          ErrorCode.INVALID_SCHEDULE,
          "Invalid cron expression \"%s\": %s. Use five fields: minute, hour, day of month, month, day of week."
              .formatted(expression, e.getMessage()),
          e);
    }
  }

  /** The next due time after an instant, however far; empty when there is none. */
  public Optional<Instant> nextAfter(Instant instant) {
    return times
        .nextExecution(ZonedDateTime.ofInstant(instant, zone))
        .map(ZonedDateTime::toInstant);
  }
}
