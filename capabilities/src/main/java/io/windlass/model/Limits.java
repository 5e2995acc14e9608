package io.windlass.model;

import java.time.Duration;

/**
 * How patient calls are, for every provider alike.
 *
 * @param retries how often a call is repeated within itself after a failure that may pass
 * @param idle the longest silence within an answer that has begun
 * @param concurrent the most calls that one provider gets at a time; 0 for any number
 */
public record Limits(int retries, Duration idle, int concurrent) {
  public static final Limits STANDARD = new Limits(2, Duration.ofMinutes(3), 0);

  Limits withoutRetries() {
    return new Limits(0, idle, concurrent);
  }
}
