package io.windlass.kernel;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One of several things that are wrong with what was given.
 *
 * @param path where, as {@code input.topic}
 * @param reason what, for people
 * @param value what was given there; null when nothing was, or when it does not help
 * @param constraint the rule that it breaks, as {@code minimum: 0}; null when the reason says it
 */
public record Fault(
    String path, String reason, @Nullable JsonNode value, @Nullable String constraint) {
  public Fault(String path, String reason) {
    this(path, reason, null, null);
  }
}
