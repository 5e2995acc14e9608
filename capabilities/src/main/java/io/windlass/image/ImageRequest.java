package io.windlass.image;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What picture is asked for.
 *
 * @param model the model's name at its provider
 * @param size as {@code 1024x1024}; null for the model's own
 * @param quality as {@code high}; null for the model's own
 * @param timeout bounds the whole call
 */
record ImageRequest(
    String model,
    String prompt,
    @Nullable String size,
    @Nullable String quality,
    Duration timeout) {}
