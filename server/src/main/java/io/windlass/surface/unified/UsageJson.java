package io.windlass.surface.unified;

import io.windlass.step.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** What model calls consumed, on the wire. */
@JsonNaming(SnakeCaseStrategy.class)
record UsageJson(
    @Nullable String model, long inputTokens, long outputTokens, @Nullable BigDecimal costUsd) {

  static UsageJson of(Usage usage) {
    return new UsageJson(usage.model(), usage.inputTokens(), usage.outputTokens(), usage.costUsd());
  }
}
