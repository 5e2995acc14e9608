package io.windlass.mcp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How a server has been doing, and from when on it may be started again. */
final class McpHealth {
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

  private final InstantSource clock;
  private int failures;
  private Instant notBefore = Instant.MIN;
  private @Nullable String error;
  private @Nullable Instant heardAt;
  private @Nullable Long responseMillis;

  McpHealth(InstantSource clock) {
    this.clock = clock;
  }

  /** It answered. */
  synchronized void well() {
    failures = 0;
    notBefore = Instant.MIN;
    error = null;
    heardAt = clock.instant();
  }

  /** It answered, after that many milliseconds. */
  synchronized void answeredWithin(long millis) {
    heardAt = clock.instant();
    responseMillis = millis;
  }

  /** A failure: the first is followed by a new start at once, the next ones ever later. */
  synchronized void failed(String why) {
    failures++;
    error = why;
    heardAt = clock.instant();
    responseMillis = null;
    long seconds = failures == 1 ? 0 : 1L << Math.min(failures - 2, 10);
    Duration backOff = Duration.ofSeconds(Math.min(seconds, LONGEST_BACK_OFF.toSeconds()));
    notBefore = clock.instant().plus(backOff);
  }

  /** How long a start has to wait; not positive when it need not. */
  synchronized Duration pause() {
    return notBefore.equals(Instant.MIN)
        ? Duration.ZERO
        : Duration.between(clock.instant(), notBefore);
  }

  /** Why it failed last, if that was its last word. */
  synchronized @Nullable String error() {
    return error;
  }

  synchronized @Nullable Instant heardAt() {
    return heardAt;
  }

  synchronized @Nullable Long responseMillis() {
    return responseMillis;
  }
}
