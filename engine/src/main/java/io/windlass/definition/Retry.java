package io.windlass.definition;

import java.time.Duration;

/**
 * Exponential retries with jitter: attempt n+1 waits {@code delay · backoff^(n-1) · random(0.5…1)}.
 *
 * @param attempts in all, at least 1
 * @param delay before the second attempt
 * @param backoff factor from one wait to the next
 */
public record Retry(int attempts, Duration delay, double backoff) {
  public static final Retry NEVER = new Retry(1, Duration.ZERO, 1);
  private static final Duration LONGEST = Duration.ofHours(1);

  public Retry {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1: " + attempts);
    }
  }

  /**
   * The wait after a failed attempt.
   *
   * @param failedAttempt from 1
   * @param jitter from 0 to 1
   */
  public Duration delayAfter(int failedAttempt, double jitter) {
    double millis = delay.toMillis() * Math.pow(backoff, failedAttempt - 1) * (0.5 + jitter / 2);
    return Duration.ofMillis((long) Math.min(millis, LONGEST.toMillis()));
  }
}
