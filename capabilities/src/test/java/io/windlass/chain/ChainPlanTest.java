package io.windlass.chain;

import static io.windlass.chain.Documents.CHAINS;
import static io.windlass.chain.Documents.chain;
import static io.windlass.chain.Documents.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChainPlanTest {
  @Test
  void tellsWavesPromptsAndCalls() {
    ChainPlan plan =
        CHAINS.plan(
            "deep-researcher", sample("deep-researcher"), Json.object().put("topic", "tea"));
    assertThat(plan.waves())
        .containsExactly(
            List.of("search_mainstream", "search_critics", "search_data"),
            List.of("together"),
            List.of("short_material"),
            List.of("write"));
    assertThat(plan.callsByModel()).isEqualTo(Map.of("haiku", 2, "default", 1, "sonnet", 1));
    assertThat(plan.steps().get(2).promptPreview()).isEqualTo("Collect figures about tea.");
    assertThat(plan.steps().get(2).condition()).isEqualTo("{depth} == \"deep\"");
    assertThat(plan.steps().get(3).model()).isNull();
    assertThat(plan.problems()).isEmpty();
  }

  @Test
  void countsEveryCallOfADebate() {
    ChainPlan plan = CHAINS.plan("t", sample("support-triage"), Json.object());
    assertThat(plan.callsByModel())
        .containsEntry("haiku", 2)
        .containsEntry("sonnet", 3)
        .containsEntry("default", 7);
  }

  @Test
  void tellsWhyAChainCannotRun() {
    ChainPlan plan =
        CHAINS.plan(
            "x", chain("id: a, prompt: p, output_var: out, depends_on: [z]"), Json.object());
    assertThat(plan.problems()).containsExactly("Step \"a\" depends on unknown step \"z\"");
    assertThat(plan.waves()).containsExactly(List.of("a"));
  }

  @Test
  @Timeout(20)
  void layersAChainOfThousandsOfSteps() {
    String[] steps = new String[3_000];
    for (int i = 0; i < steps.length; i++) {
      String before = i == 0 ? "" : ", depends_on: [s" + (i - 1) + "]";
      steps[i] = "id: s%d, prompt: p, output_var: out%s".formatted(i, before);
    }
    assertThat(CHAINS.plan("x", chain(steps), Json.object()).waves()).hasSize(3_000);
    assertThat(CHAINS.lint("x", chain(steps))).noneMatch(finding -> finding.error());
  }
}
