package io.windlass.step;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person's answer to a {@link Question}, or its expiry.
 *
 * @param choice the option taken; null when it expired and no option was to be taken then
 * @param by who decided
 * @param reason why, if said
 * @param at when
 * @param expired whether time decided
 */
public record Answer(
    @Nullable String choice, String by, @Nullable String reason, Instant at, boolean expired) {

  public boolean is(String option) {
    return option.equals(choice);
  }
}
