package io.windlass.definition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long one run tries a node.
 *
 * @param retry when to try again after a failure
 * @param timeout bounds one attempt; null for none
 */
public record Limits(Retry retry, @Nullable Duration timeout) {}
