package io.windlass.definition;

import java.time.Duration;

/**
 * Exponential retries with jitter: attempt n+1 waits {@code delay · backoff^(n-1) · random(0.5…1)}.
 * The attempts may be cut into rows, one for each of several ways to do the same (models, for one):
 * a new row begins without a wait, and also after a failure that no further attempt in its row can
 * mend.
 *
 * @param attempts in all, at least 1
 * @param delay before the second attempt of a row
 * @param backoff factor from one wait to the next
 * @param row how many attempts make a row, at least 1
 */
public record Retry(int attempts, Duration delay, double backoff, int row) {
  public static final Retry NEVER = new Retry(1, Duration.ZERO, 1);
  private static final Duration LONGEST = Duration.ofHours(1);

  public Retry {
    if (attempts < 1 || row < 1) {
      throw new IllegalArgumentException(
          "attempts and row must be at least 1: %d, %d".formatted(attempts, row));
    }
  }

  /** One row. */
  public Retry(int attempts, Duration delay, double backoff) {
    this(attempts, delay, backoff, Math.max(attempts, 1));
  }

  /**
   * The attempt that follows a failed one; 0 when none does.
   *
   * @param failedAttempt from 1
   * @param retryable whether the same row may be tried again
   */
  public int nextAfter(int failedAttempt, boolean retryable) {
    int next = retryable ? failedAttempt + 1 : (rowOf(failedAttempt) + 1) * row + 1;
    return next <= attempts ? next : 0;
  }

  /** The row, from 0, that an attempt belongs to. */
  public int rowOf(int attempt) {
    return (attempt - 1) / row;
  }

  /**
   * The wait after a failed attempt whose successor is in the same row.
   *
   * @param failedAttempt from 1
   * @param jitter from 0 to 1
   */
  public Duration delayAfter(int failedAttempt, double jitter) {
    int inRow = failedAttempt - rowOf(failedAttempt) * row;
    double millis = delay.toMillis() * Math.pow(backoff, inRow - 1) * (0.5 + jitter / 2);
    return Duration.ofMillis((long) Math.min(millis, LONGEST.toMillis()));
  }
}
