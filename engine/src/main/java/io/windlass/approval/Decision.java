package io.windlass.approval;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an approval was decided.
 *
 * @param choice the option taken; null when it expired with none to take, or its execution ended
 * @param by who decided: a user, {@code expiry}, {@code cancel}
 * @param from which surface
 * @param reason why, if said
 * @param at when
 */
public record Decision(
    @Nullable String choice, String by, String from, @Nullable String reason, Instant at) {}
