package io.windlass.step;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What model calls consumed.
 *
 * @param model the model that answered, or null when several or none did
 * @param inputTokens tokens sent
 * @param outputTokens tokens received
 * @param costUsd money in US dollars; null when any part of it is unknown, never a guess
 */
public record Usage(
    @Nullable String model, long inputTokens, long outputTokens, @Nullable BigDecimal costUsd) {
  public static final Usage NONE = new Usage(null, 0, 0, BigDecimal.ZERO);

  @JsonIgnore
  public boolean isNone() {
    return model == null && inputTokens == 0 && outputTokens == 0;
  }

  public Usage plus(Usage other) {
    if (isNone()) {
      return other;
    }
    if (other.isNone()) {
      return this;
    }
    return new Usage(
        model != null && model.equals(other.model) ? model : null,
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        costUsd == null || other.costUsd == null ? null : costUsd.add(other.costUsd));
  }
}
