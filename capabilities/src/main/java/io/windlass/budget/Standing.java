package io.windlass.budget;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a budget stands in its present window.
 *
 * @param from when the window began; null when it has no bounds in time
 * @param until when it ends; null when it has no bounds in time
 * @param cap the limit with what was raised in this window
 * @param spent what calls consumed that are over
 * @param reserved what calls under way may consume
 */
public record Standing(
    @Nullable Instant from, @Nullable Instant until, long cap, long spent, long reserved) {
  public long remaining() {
    return Math.max(0, cap - spent - reserved);
  }
}
