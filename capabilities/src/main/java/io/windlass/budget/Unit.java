package io.windlass.budget;

import io.windlass.kernel.WindlassException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a budget counts. Amounts are whole numbers: of nanodollars, or of tokens. */
public enum Unit {
  /** US dollars. */
  USD("USD", 9, 1_000_000_000L * 1_000_000_000L),
  /** Tokens, sent and received ones together. */
  TOKENS("tokens", 0, 1_000_000_000_000_000L);

  private final String word;
  private final int digits;
  private final long most;

  Unit(String word, int digits, long most) {
    this.word = word;
    this.digits = digits;
    this.most = most;
  }

  /** The amount, rounded up. */
  long amount(BigDecimal value) {
    BigDecimal whole = value.movePointRight(digits).setScale(0, RoundingMode.CEILING);
    return whole.compareTo(BigDecimal.valueOf(most)) > 0 ? most : whole.longValue();
  }

  /**
   * The amount of a cap.
   *
   * @param field what it is called where it was given
   * @throws WindlassException INVALID_INPUT for what is below 0, too much, or too fine
   */
  long cap(String field, BigDecimal value) {
    BigDecimal whole = value.movePointRight(digits).stripTrailingZeros();
    if (value.signum() < 0 || whole.scale() > 0 || whole.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw WindlassException.invalid(
          "%s: %s is no amount of %s: write a number from 0 to %s%s"
              .formatted(
                  field,
                  value.toPlainString(),
                  word,
                  decimal(most).toPlainString(),
                  digits == 0 ? ", a whole one" : " with at most " + digits + " decimals"));
    }
    return whole.longValueExact();
  }

  public BigDecimal decimal(long amount) {
    BigDecimal plain = BigDecimal.valueOf(amount, digits).stripTrailingZeros();
    return plain.scale() < 0 ? plain.setScale(0) : plain;
  }

  /** For people: {@code 0.25 USD}. */
  String text(long amount) {
    return decimal(amount).toPlainString() + " " + word;
  }
}
