package io.windlass.bench;

import java.util.Arrays;
import tools.jackson.databind.node.ObjectNode;

/** Measured times in nanoseconds, and what part of them lies below which bound. */
final class Percentiles {
  private long[] nanos = new long[1024];
  private int count;

  void add(long value) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = value;
  }

  int count() {
    return count;
  }

  /**
   * The smallest measured time that at least so many percent do not exceed, in milliseconds.
   *
   * @throws IllegalStateException when nothing was measured
   */
  double millis(double percent) {
    if (count == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * count);
    return sorted[Math.clamp(rank, 1, count) - 1] / 1e6;
  }

  /** The usual percentiles as fields. */
  void describe(ObjectNode figures) {
    figures.put("count", count);
    if (count > 0) {
      figures.put("p50_ms", round(millis(50)));
      figures.put("p90_ms", round(millis(90)));
      figures.put("p99_ms", round(millis(99)));
      figures.put("p999_ms", round(millis(99.9)));
      figures.put("max_ms", round(millis(100)));
    }
  }

  static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
