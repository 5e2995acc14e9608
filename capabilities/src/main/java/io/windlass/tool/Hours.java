package io.windlass.tool;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** How long a person has to decide, as documents tell it. */
public final class Hours {
  private static final double MILLIS = Duration.ofHours(1).toMillis();
  private static final long LONGEST = Duration.ofDays(36_525).toMillis();

  private Hours() {}

  /**
   * A number of hours, fractions too: at least a millisecond, at most a hundred years.
   *
   * @param standard when there is none
   */
  public static Duration of(JsonNode hours, double standard) {
    double millis = hours.asDouble(standard) * MILLIS;
    return Duration.ofMillis(Math.clamp(Math.round(millis), 1, LONGEST));
  }
}
