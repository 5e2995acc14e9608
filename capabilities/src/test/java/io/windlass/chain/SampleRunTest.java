package io.windlass.chain;

import static io.windlass.chain.Documents.CHAINS;
import static io.windlass.chain.Documents.PIPELINES;
import static io.windlass.chain.Documents.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.definition.DefinitionKind;
import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The sample documents, run from their inputs to their results. */
class SampleRunTest {
  /** Answers each prompt with the prompt itself, or what the inputs say it should answer. */
  private static final class Echo implements StepKind {
    @Override
    public String name() {
      return "agent";
    }

    @Override
    public Step bind(ObjectNode fields) {
      return context -> {
        String scripted = "say_" + fields.path("id").asString();
        return StepOutcome.done(
            context.state().has(scripted)
                ? context.state().text(scripted)
                : Template.render(fields.path("prompt").asString(), context.state()).strip());
      };
    }
  }

  private static final ChainKind WITH_MODEL =
      new ChainKind(
          Map.of(
              "agent", new Echo(),
              "transform", new TransformKind(),
              "gate", new GateKind(),
              "merge", new MergeKind()),
          Map.of());

  @Test
  void theSalesDigestNeedsNoModel() throws Exception {
    String orders =
        "{\"orders\":[{\"customer\":{\"name\":\"Ada\"},\"total\":12.5},{\"customer\":{\"name\":\"Bob\"},\"total\":3}]}";
    FlowRun run = run(CHAINS, "sales-digest", Json.object().put("orders", orders));
    assertThat(run.result())
        .isEqualTo("# Orders\n0) Ada\n1) Bob\n\n---\n\nFirst order above ten: 12.5\n");
    assertThat(run.state().text("initials")).isEqualTo("A.B.");
  }

  @Test
  void theSalesDigestSkipsWhatItsConditionForbids() throws Exception {
    String orders = "{\"orders\":[{\"customer\":{\"name\":\"Ada\"},\"total\":2}]}";
    FlowRun run = run(CHAINS, "sales-digest", Json.object().put("orders", orders));
    assertThat(run.result()).isEqualTo("# Orders\n0) Ada\n");
    assertThat(run.told.get("big")).startsWith("skipped: ");
  }

  @Test
  void theResearcherMergesItsSearches() throws Exception {
    FlowRun run =
        run(WITH_MODEL, "deep-researcher", Json.object().put("topic", "tea").put("depth", "quick"));
    assertThat(run.result())
        .contains("Write a report about tea", "Research \"tea\" (quick). Write in English.")
        .contains("{\"claims\": [{\"text\": \"...\", \"source\": \"...\"}]}")
        .contains("\n\n---\n\nFind the strongest criticism of tea. Use English.")
        .doesNotContain("Collect figures");
    assertThat(run.told.get("search_data")).startsWith("skipped");
  }

  @Test
  void theReviewWaitsAtItsGate() throws Exception {
    ObjectNode input = Json.object().put("repo", "/r").put("say_read_diff", "Score: 7");
    FlowRun run = run(WITH_MODEL, "code-review", input);
    assertThat(run.result()).startsWith("FAILED: Step \"publish\": the step type \"webhook\"");
    assertThat(run.told)
        .containsEntry("approval_gate?", "Publish this review of /r?\n\nScore: 7\n")
        .containsEntry("approval_gate", "done: approved");
    FlowRun perfect = run(WITH_MODEL, "code-review", input.put("say_read_diff", "Score: 10"));
    perfect.result();
    assertThat(perfect.told)
        .doesNotContainKey("approval_gate?")
        .containsEntry("approval_gate", "done: auto-approved");
    assertThat(perfect.state().text("decision")).isEqualTo("approved");
  }

  @Test
  void theBriefingEndsEarlyWithoutHeadlines() throws Exception {
    ObjectNode input = Json.object().put("topic", "tea").put("say_fetch", " \n ");
    FlowRun run = run(WITH_MODEL, "smart-briefing", input);
    assertThat(run.result()).isEmpty();
    assertThat(run.told.get("stop_if_empty")).startsWith("skipped: Early exit");
    assertThat(run.told).doesNotContainKey("write");
    FlowRun full = run(WITH_MODEL, "smart-briefing", input.put("say_fetch", "One\n\nTwo"));
    assertThat(full.result()).isEqualTo("Write a briefing on tea:\n- One\n- Two");
  }

  @Test
  void thePipelineHandsResultsOn() throws Exception {
    FlowRun run =
        run(
            PIPELINES,
            "market-report",
            Json.object().put("topic", "tea"),
            child ->
                switch (child.name()) {
                  case "deep-researcher" -> "claims " + "x".repeat(1_000);
                  case "publish" -> Json.show(child.input().get("text"));
                  default -> "result of " + child.name();
                });
    assertThat(run.result()).isEqualTo("result of smart-briefing|result of sales-digest|{unknown}");
    ObjectNode research = run.children.getFirst().input();
    assertThat(research).hasToString("{\"topic\":\"tea\",\"depth\":\"deep\",\"language\":\"\"}");
    assertThat(run.children.get(1).input().path("orders").asString())
        .isEqualTo("{\"orders\": [], \"about\": {\"topic\":\"tea\"}}");
    assertThat(run.state().text("research"))
        .hasSizeLessThan(700)
        .contains("cut from 1007 characters");
    assertThat(run.children.get(2).input().path("topic").asString()).startsWith("tea: claims xxx");
  }

  @Test
  void thePipelineSkipsAChainWhoseConditionDoesNotHold() throws Exception {
    FlowRun run =
        run(
            PIPELINES,
            "market-report",
            Json.object().put("topic", "tea"),
            child ->
                child.name().equals("publish") ? Json.show(child.input().get("text")) : "short");
    assertThat(run.result()).isEqualTo("|short|{unknown}");
    assertThat(run.told.get("second-look")).startsWith("skipped");
  }

  private static FlowRun run(ChainKind kind, String name, ObjectNode input) {
    return run(kind, name, input, child -> "");
  }

  private static FlowRun run(
      DefinitionKind kind, String name, ObjectNode input, Function<ChildRequest, String> children) {
    String source = sample(name);
    return new FlowRun(
        kind.compile(name, source), kind.begin(name, source, input), children, "approve");
  }
}
