package io.windlass.budget;

import io.windlass.kernel.ExecutionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that was decided about a budget.
 *
 * @param what {@code created}, {@code changed}, {@code raised} for one window, or {@code passed}
 *     for one execution
 * @param period the window it holds for; null for all
 * @param execution the execution that asked; null when none did
 * @param from the cap before; null where it did not change
 * @param to the cap after
 */
public record Change(
    String what,
    @Nullable String period,
    @Nullable ExecutionId execution,
    @Nullable Long from,
    @Nullable Long to,
    String by,
    @Nullable String reason,
    Instant at) {}
