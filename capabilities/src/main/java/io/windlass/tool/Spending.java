package io.windlass.tool;

import io.windlass.kernel.ExecutionId;
import java.math.BigDecimal;
import java.time.Instant;

/** What model calls have cost so far. */
public interface Spending {
  /**
   * @param usd the known costs together, in US dollars
   * @param unknown how many steps or executions used models whose price is not known
   */
  record Spent(BigDecimal usd, long unknown) {
    public static final Spent NOTHING = new Spent(BigDecimal.ZERO, 0);

    public Spent plus(Spent other) {
      return new Spent(usd.add(other.usd), unknown + other.unknown);
    }
  }

  /** Of an execution and those that it started. */
  Spent ofExecution(ExecutionId execution);

  /** Of all executions of the same definition and owner that were accepted since a time. */
  Spent ofDefinition(ExecutionId execution, Instant since);
}
