package io.windlass.surface.unified;

import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads query parameters and collects what is wrong with them. */
final class Query {
  static final int DEFAULT_LIMIT = 50;
  static final int MAX_LIMIT = 200;
  private final Context context;
  private final Faults faults = new Faults();

  Query(Context context) {
    this.context = context;
  }

  /** Empty counts as absent. */
  @Nullable String text(String name) {
    String value = context.queryParam(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** Values of a parameter that is repeated, or holds several separated by commas. */
  Set<String> texts(String name) {
    Set<String> values = new LinkedHashSet<>();
    context.queryParams(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .forEach(values::add);
    return values;
  }

  /** The same where only some are known. */
  Set<String> texts(String name, Collection<String> known) {
    Set<String> found = texts(name);
    found.stream()
        .filter(one -> !known.contains(one))
        .forEach(
            one -> faults.add(name, "'" + one + "' is not one of " + String.join(", ", known)));
    return found;
  }

  <E extends Enum<E>> Set<E> words(String name, Class<E> type) {
    Set<E> found = new LinkedHashSet<>();
    for (String word : texts(name)) {
      E constant = Words.parse(word, type);
      if (constant == null) {
        faults.add(name, "'" + word + "' is not one of " + Words.all(type));
      } else {
        found.add(constant);
      }
    }
    return found;
  }

  String oneOf(String name, List<String> words) {
    String word = text(name);
    if (word == null) {
      return words.getFirst();
    }
    String lower = word.toLowerCase(Locale.ROOT);
    if (!words.contains(lower)) {
      faults.add(name, "'" + word + "' is not one of " + String.join(", ", words));
    }
    return lower;
  }

  @Nullable Instant instant(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      // A plus sign that was not escaped arrives as a space.
      return OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
    } catch (DateTimeException e) {
      faults.add(name, "'" + value + "' is no instant: write it as 2026-01-31T08:00:00Z");
      return null;
    }
  }

  boolean flag(String name) {
    String value = text(name);
    if (value == null) {
      return context.queryParam(name) != null;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> true;
      case "false", "0", "no" -> false;
      default -> {
        faults.add(name, "'" + value + "' is neither true nor false");
        yield false;
      }
    };
  }

  long number(String name, long fallback, long min, long max) {
    String value = text(name);
    if (value == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      faults.add(name, "'" + value + "' is no whole number");
      return fallback;
    }
    String range = max == Long.MAX_VALUE ? min + " or more" : "from " + min + " to " + max;
    faults.add(name, value + " is out of range: it must be " + range);
    return fallback;
  }

  double seconds(String name, double max) {
    String value = text(name);
    if (value == null) {
      return 0;
    }
    try {
      double seconds = Double.parseDouble(value);
      if (seconds >= 0 && seconds <= max) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      faults.add(name, "'" + value + "' is no number of seconds");
      return 0;
    }
    faults.add(name, value + " is out of range: it must be from 0 to " + (long) max + " seconds");
    return 0;
  }

  int limit() {
    return (int) number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
  }

  @Nullable String cursor() {
    return text("cursor");
  }

  /** Throws INVALID_INPUT when anything was wrong; to be called once everything was read. */
  void check() {
    faults.check();
  }
}
