package io.windlass.model;

import java.math.BigDecimal;

/**
 * What a model costs, in US dollars per million tokens.
 *
 * @param input for tokens sent
 * @param cachedInput for tokens sent that the provider had cached
 * @param output for tokens received
 */
public record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {
  private static final int MILLION = 6;

  public static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  boolean isFree() {
    return input.signum() == 0 && cachedInput.signum() == 0 && output.signum() == 0;
  }

  /**
   * The dollars for a call, exactly.
   *
   * @param inputTokens all tokens sent, the cached ones among them
   */
  public BigDecimal of(long inputTokens, long cachedTokens, long outputTokens) {
    long cached = Math.clamp(cachedTokens, 0, inputTokens);
    BigDecimal sum =
        input
            .multiply(BigDecimal.valueOf(inputTokens - cached))
            .add(cachedInput.multiply(BigDecimal.valueOf(cached)))
            .add(output.multiply(BigDecimal.valueOf(outputTokens)))
            .movePointLeft(MILLION);
    return sum.signum() == 0 ? BigDecimal.ZERO : sum.stripTrailingZeros();
  }
}
