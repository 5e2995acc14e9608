package io.windlass.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How values read on a terminal. */
final class Wording {
  private Wording() {}

  /** {@code 850 ms}, {@code 12.3 s}, {@code 2 m 05 s}, {@code 1 h 02 m}. */
  static String duration(@Nullable Long millis) {
    if (millis == null) {
      return "";
    }
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", Math.floor(millis / 100.0) / 10);
    }
    long seconds = millis / 1_000;
    if (seconds < 3_600) {
      return String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d m", seconds / 3_600, seconds / 60 % 60);
  }

  /** Without control characters, save line breaks and tabs. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\t' || !Character.isISOControl(c)) {
        clean.append(c);
      }
    }
    return clean.toString();
  }

  /** On one line, and no longer than that many characters. */
  static String line(String text, int limit) {
    String flat = clean(text).strip().replaceAll("\\s+", " ");
    return flat.length() <= limit ? flat : flat.substring(0, limit - 1) + "…";
  }

  static String plural(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
