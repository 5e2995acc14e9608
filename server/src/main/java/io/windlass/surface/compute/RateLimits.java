package io.windlass.surface.compute;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.javalin.http.Context;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** How often one caller may do something within an hour, told in headers on each answer. */
final class RateLimits {
  static final String HEADERS =
      "X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After";
  private static final Duration PERIOD = Duration.ofHours(1);

  /** Of more callers than these, those that were silent longest are forgotten. */
  private static final int MOST_CALLERS = 10_000;

  private final String what;
  private final int limit;
  private final String setting;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * @param what is counted, in words
   * @param limit how many an hour; 0 for any number
   * @param setting what changes it, for messages
   */
  RateLimits(String what, int limit, String setting, InstantSource clock) {
    this.what = what;
    this.limit = limit;
    this.setting = setting;
    this.clock = clock;
  }

  /** Tells how it stands without counting. */
  void show(Context context, String caller) {
    if (limit > 0) {
      Bucket bucket = bucket(caller);
      ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
      if (probe.isConsumed()) {
        bucket.addTokens(1);
      }
      headers(context, Math.min(limit, probe.getRemainingTokens() + (probe.isConsumed() ? 1 : 0)));
    }
  }

  /**
   * Counts one.
   *
   * @throws WindlassException RATE_LIMITED when the hour's are used up
   */
  void take(Context context, String caller) {
    if (limit == 0) {
      return;
    }
    ConsumptionProbe probe = bucket(caller).tryConsumeAndReturnRemaining(1);
    headers(context, probe.getRemainingTokens());
    context.header("X-RateLimit-Reset", Long.toString(reset(probe)));
    if (!probe.isConsumed()) {
      long seconds = Math.max(1, Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1);
      context.header("Retry-After", Long.toString(seconds));
      throw new WindlassException(
          ErrorCode.RATE_LIMITED,
          "Rate limit exceeded: %d %s per hour. Try again in %d s, or raise %s"
              .formatted(limit, what, seconds, setting));
    }
  }

  private void headers(Context context, long remaining) {
    context.header("X-RateLimit-Limit", Integer.toString(limit));
    context.header("X-RateLimit-Remaining", Long.toString(remaining));
    long end = clock.instant().plus(PERIOD).getEpochSecond();
    context.header("X-RateLimit-Reset", Long.toString(end));
  }

  private long reset(ConsumptionProbe probe) {
    return clock.instant().plusNanos(probe.getNanosToWaitForReset()).getEpochSecond() + 1;
  }

  private Bucket bucket(String caller) {
    lock.lock();
    try {
      Bucket bucket =
          buckets.computeIfAbsent(
              caller,
              _ ->
                  Bucket.builder()
                      .addLimit(one -> one.capacity(limit).refillIntervally(limit, PERIOD))
                      .build());
      if (buckets.size() > MOST_CALLERS) {
        buckets.remove(buckets.keySet().iterator().next());
      }
      return bucket;
    } finally {
      lock.unlock();
    }
  }
}
