package io.windlass.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class CostGateTest {
  private final FakeStepContext context = new FakeStepContext();
  private final List<Instant> windows = new ArrayList<>();
  private Spending.Spent execution = Spending.Spent.NOTHING;
  private Spending.Spent chain = Spending.Spent.NOTHING;

  @Test
  void staysWithinItsBudget() throws Exception {
    execution = new Spending.Spent(new BigDecimal("0.25"), 0);
    assertThat(run("{}"))
        .isEqualTo(
            "{\"status\":\"within_budget\",\"spent\":0.25,\"budget\":1,\"remaining\":0.75,\"action\":\"none\"}");
    assertThat(context.logs()).isEmpty();
  }

  @Test
  void tellsThatTheBudgetIsSpent() throws Exception {
    execution = new Spending.Spent(new BigDecimal("0.1234567"), 0);
    assertThat(run("{\"budget_usd\":\"0.1\",\"action\":\"skip\"}"))
        .isEqualTo(
            "{\"status\":\"over_budget\",\"spent\":0.123457,\"budget\":0.1,\"remaining\":0,\"action\":\"skip\"}");
    assertThat(context.logs())
        .anyMatch(line -> line.startsWith("warn: cost_gate: 0.123457 of 0.1"));
  }

  @Test
  void looksAtTheChainWithinAWindow() throws Exception {
    chain = new Spending.Spent(BigDecimal.TEN, 0);
    assertThat(run("{\"scope\":\"chain\",\"window_hours\":2}")).contains("over_budget");
    assertThat(windows).containsExactly(FakeStepContext.NOW.minus(Duration.ofHours(2)));
  }

  @Test
  void doesNotTakeUnknownCostsForNone() throws Exception {
    execution = new Spending.Spent(BigDecimal.ZERO, 3);
    assertThat(run("{}")).contains("\"unpriced\":3");
    assertThat(context.logs()).anyMatch(line -> line.contains("have no known price"));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> run("{\"action\":\"explode\"}")).hasMessageContaining("explode");
    assertThatThrownBy(() -> run("{\"budget_usd\":\"much\"}"))
        .hasMessage("budget_usd must be a number from 0 to 1000000000, not \"much\"");
  }

  private String run(String fields) throws Exception {
    Spending spending =
        new Spending() {
          @Override
          public Spent ofExecution(ExecutionId id) {
            return execution;
          }

          @Override
          public Spent ofDefinition(ExecutionId id, Instant since) {
            windows.add(since);
            return chain;
          }
        };
    return new CostGate(spending)
        .run(
            new PreToolCall(
                (ObjectNode) Json.read(fields), context.state(), context, Duration.ofSeconds(1)));
  }
}
