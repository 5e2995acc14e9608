package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every call of the contract, each answer held against the OpenAPI document. */
final class UnifiedSurfaceTest {
  @AfterAll
  static void everyDocumentedOperationWasTried() {
    assertThat(UnifiedServer.CONTRACT.untriedOperations()).isEmpty();
    assertThat(UnifiedServer.CONTRACT.untriedResponses())
        .allMatch(left -> left.endsWith(" default") || left.startsWith("GET /openapi"));
  }

  @Test
  void examplesOfTheDocumentFitTheirSchemas() {
    UnifiedServer.CONTRACT.holdExamples();
  }

  @Test
  void theContractRefusesAnAnswerThatIsNotInTheDocument() {
    assertThatThrownBy(() ->
            UnifiedServer.CONTRACT.hold(
                "GET", "/health", 200, "application/json", "{\"status\":\"fine\"}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("checks");
    assertThatThrownBy(() -> UnifiedServer.CONTRACT.hold("GET", "/v2", 200, null, ""))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () -> UnifiedServer.CONTRACT.hold("GET", "/health", 418, "application/json", "{}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not documented");
  }

  @Nested
  final class Server extends ServerCases {}

  @Nested
  final class Starting extends StartCases {}

  @Nested
  final class Execution extends ExecutionCases {}

  @Nested
  final class Approval extends ApprovalCases {}

  @Nested
  final class Definition extends DefinitionCases {}

  @Nested
  final class Budget extends BudgetCases {}
}
