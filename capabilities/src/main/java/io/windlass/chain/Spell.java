package io.windlass.chain;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.StringJoiner;

/** A time in the units that fit it: {@code 24 h}, {@code 1 h 30 min}, {@code 2 s}. */
final class Spell {
  private static final Duration FINE = Duration.ofSeconds(10);

  private Spell() {}

  static String of(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return time.toMillis() + " ms";
    }
    if (time.compareTo(FINE) < 0) {
      return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
    Duration whole = Duration.ofSeconds(time.plusMillis(500).toSeconds());
    StringJoiner text = new StringJoiner(" ");
    add(text, whole.toHours(), " h");
    add(text, whole.toMinutesPart(), " min");
    add(text, whole.toSecondsPart(), " s");
    return text.toString();
  }

  private static void add(StringJoiner text, long count, String unit) {
    if (count > 0) {
      text.add(count + unit);
    }
  }
}
