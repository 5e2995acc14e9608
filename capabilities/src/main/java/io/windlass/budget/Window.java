package io.windlass.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The stretch over which a budget counts: of the calendar in UTC, for ever, or one execution. */
public enum Window {
  HOUR,
  DAY,
  /** From Monday on. */
  WEEK,
  MONTH,
  /** For ever. */
  TOTAL,
  /** Each execution for itself, with the ones that it starts as steps. */
  EXECUTION;

  /**
   * The name of the stretch that an instant lies in.
   *
   * @param execution the outermost execution
   */
  String period(Instant at, String execution) {
    ZonedDateTime time = at.atZone(ZoneOffset.UTC);
    return switch (this) {
      case HOUR -> "%tF %<tHh".formatted(time);
      case DAY -> "%tF".formatted(time);
      case WEEK ->
          "%04d-W%02d"
              .formatted(
                  time.get(IsoFields.WEEK_BASED_YEAR), time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case MONTH -> "%tY-%<tm".formatted(time);
      case TOTAL -> "total";
      case EXECUTION -> execution;
    };
  }

  /** When it began; null for what has no bounds in time. */
  @Nullable Instant from(Instant at) {
    ZonedDateTime time = start(at);
    return time == null ? null : time.toInstant();
  }

  /** When the next one begins; null for what has no bounds in time. */
  @Nullable Instant until(Instant at) {
    ZonedDateTime time = start(at);
    if (time == null) {
      return null;
    }
    ZonedDateTime next =
        switch (this) {
          case HOUR -> time.plusHours(1);
          case DAY -> time.plusDays(1);
          case WEEK -> time.plusWeeks(1);
          case MONTH -> time.plusMonths(1);
          case TOTAL, EXECUTION -> time;
        };
    return next.toInstant();
  }

  private @Nullable ZonedDateTime start(Instant at) {
    ZonedDateTime time = at.atZone(ZoneOffset.UTC);
    return switch (this) {
      case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
      case DAY -> time.truncatedTo(ChronoUnit.DAYS);
      case WEEK ->
          time.truncatedTo(ChronoUnit.DAYS)
              .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
      case TOTAL, EXECUTION -> null;
    };
  }

  /** For people: {@code a day}, {@code in all}. */
  String words() {
    return switch (this) {
      case HOUR, DAY, WEEK, MONTH ->
          (this == HOUR ? "an " : "a ") + name().toLowerCase(Locale.ROOT);
      case TOTAL -> "in all";
      case EXECUTION -> "per execution";
    };
  }
}
