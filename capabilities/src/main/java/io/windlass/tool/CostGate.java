package io.windlass.tool;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The pre-tool {@code cost_gate}: whether this execution, or its chain within some hours, has spent
 * its budget, as JSON for conditions and prompts. It stops nothing by itself.
 */
public final class CostGate implements PreTool {
  private static final int LONGEST_HOURS = 24 * 366;
  private static final int PLACES = 6;

  private final Spending spending;

  public CostGate(Spending spending) {
    this.spending = spending;
  }

  @Override
  public String name() {
    return "cost_gate";
  }

  @Override
  public List<String> required() {
    return List.of();
  }

  /** What is spent changes from call to call. */
  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) {
    BigDecimal budget = BigDecimal.valueOf(call.number("budget_usd", 1, 0, 1e9));
    String action = word(call, "action", "warn", List.of("warn", "skip", "downgrade"));
    String scope = word(call, "scope", "execution", List.of("execution", "chain"));
    double hours = call.number("window_hours", 24, 0, LONGEST_HOURS);
    Instant since =
        call.context().clock().instant().minus(Duration.ofSeconds(Math.round(hours * 3_600)));
    Spending.Spent spent =
        scope.equals("chain")
            ? spending.ofDefinition(call.context().execution(), since)
            : spending.ofExecution(call.context().execution());
    boolean over = spent.usd().compareTo(budget) >= 0 && spent.usd().signum() > 0;
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", over ? "over_budget" : "within_budget");
    result.put("spent", rounded(spent.usd()));
    result.put("budget", rounded(budget));
    result.put("remaining", rounded(budget.subtract(spent.usd()).max(BigDecimal.ZERO)));
    result.put("action", over ? action : "none");
    if (spent.unknown() > 0) {
      result.put("unpriced", spent.unknown());
      call.context()
          .log(
              LogLevel.WARN,
              "cost_gate: the models of %d %s have no known price, so more was spent than it can tell; add them to the price list"
                  .formatted(spent.unknown(), scope.equals("chain") ? "executions" : "steps"));
    }
    if (over) {
      call.context()
          .log(
              LogLevel.WARN,
              "cost_gate: %s of %s USD are spent (%s); action %s"
                  .formatted(rounded(spent.usd()), rounded(budget), scope, action));
    }
    return Json.write(result);
  }

  private static BigDecimal rounded(BigDecimal usd) {
    BigDecimal rounded = usd.setScale(PLACES, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  private static String word(PreToolCall call, String field, String otherwise, List<String> known) {
    String given = call.text(field).trim().toLowerCase(Locale.ROOT);
    if (!given.isEmpty() && !known.contains(given)) {
      throw WindlassException.invalid(
          "cost_gate: %s must be one of %s, not \"%s\""
              .formatted(field, String.join(", ", known), given));
    }
    return given.isEmpty() ? otherwise : given;
  }
}
