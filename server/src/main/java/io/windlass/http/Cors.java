package io.windlass.http;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web origins may call a surface from a browser.
 *
 * @param origins exact origins as {@code https://example.org}, or {@code *} for all
 */
public record Cors(Set<String> origins) {
  public static final Cors NONE = new Cors(Set.of());
  public static final Cors ALL = new Cors(Set.of("*"));

  public Cors {
    origins = Set.copyOf(origins);
  }

  /** What {@code Access-Control-Allow-Origin} says to that origin. */
  Optional<String> allow(@Nullable String origin) {
    if (origins.contains("*")) {
      return Optional.of("*");
    }
    return origin != null && origins.contains(origin) ? Optional.of(origin) : Optional.empty();
  }
}
