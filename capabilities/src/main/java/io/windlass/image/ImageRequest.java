package io.windlass.image;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What picture is asked for.
 *
 * @param model the model's name at its provider; empty while none is chosen
 * @param size as {@code 1024x1024}; null for the model's own
 * @param quality as {@code high}; null for the model's own
 * @param timeout bounds the whole call
 */
record ImageRequest(
    String model,
    String prompt,
    @Nullable String size,
    @Nullable String quality,
    Duration timeout) {
  static final int LONGEST_PROMPT = 32_000;

  /** The same, of a model. */
  ImageRequest by(String chosen) {
    return new ImageRequest(chosen, prompt, size, quality, timeout);
  }
}
