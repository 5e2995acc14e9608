package io.windlass.kernel;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * UUIDv7 (RFC 9562, method 1): 48 bits of milliseconds, a 12-bit counter that keeps ids of one
 * millisecond in order, 62 random bits. A counter that overflows borrows from the next millisecond.
 */
public final class TimeOrderedIds implements Ids {
  private final InstantSource clock;
  private final RandomGenerator random;
  private long lastTick;

  public TimeOrderedIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public UUID next() {
    long tick;
    long tail;
    synchronized (this) {
      // The counter starts low and random so that two nodes rarely share a (time, counter) pair.
      long now = clock.millis() << 12 | (random.nextLong() & 0x3FFL);
      lastTick = Math.max(lastTick + 1, now);
      tick = lastTick;
      tail = random.nextLong();
    }
    long most = tick >>> 12 << 16 | 0x7000L | (tick & 0xFFFL);
    long least = (tail & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(most, least);
  }
}
