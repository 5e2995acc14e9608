package io.windlass.chain;

import static io.windlass.chain.Documents.PIPELINES;
import static io.windlass.chain.Documents.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.definition.Finding;
import io.windlass.definition.Node;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.step.StepOutcome;
import org.junit.jupiter.api.Test;

class PipelineKindTest {
  @Test
  void tellsTheOutline() {
    assertThat(PIPELINES.outline("market-report", sample("market-report")))
        .satisfies(outline -> {
          assertThat(outline.steps()).isEqualTo(4);
          assertThat(outline.version()).isEqualTo("1.0");
        });
    assertThat(PIPELINES.chains("market-report", sample("market-report")))
        .containsEntry("second-look", "smart-briefing");
  }

  /** However it is started: by a person, by the clock, by another flow. */
  @Test
  void beginsTheIdsOfItsExecutionsWithPip() {
    assertThat(PIPELINES.publicIdPrefix()).isEqualTo("pip_");
  }

  @Test
  void tellsEveryFaultOfTheSchemaAtOnce() {
    String broken =
        "{name: p, chains: [{id: a}, {id: a, chain: c, summarize_output: soon}, {id: input, chain:"
            + " c}]}";
    assertThatThrownBy(() -> PIPELINES.outline("p", broken))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessageStartingWith("Invalid pipeline \"p\":\n")
        .hasMessageContaining("\nchains.0.chain: is required")
        .hasMessageContaining("\nchains.1.id: \"a\" is already the id of chains.0")
        .hasMessageContaining("\nchains.1.summarize_output: expected true or a number")
        .hasMessageContaining("\nchains.2.id: \"input\" stands for")
        .hasMessageContaining("\noutput: is required");
    assertThatThrownBy(() -> PIPELINES.outline("p", "{name: p, output: a, chains: []}"))
        .hasMessageContaining("chains: must hold at least one");
    assertThatThrownBy(() -> PIPELINES.outline("../p", sample("market-report")))
        .hasMessageContaining("Invalid pipeline name");
  }

  @Test
  void tellsFaultsOfTheGraphWhenItCompiles() {
    assertThatThrownBy(() -> compile("output: x", "{id: a, chain: c, depends_on: [z]}"))
        .hasMessage(
            "Chain \"a\" depends on unknown chain \"z\"\n"
                + "Output \"x\" does not match the id of any chain reference; there are: a");
    assertThatThrownBy(() ->
            compile(
                "output: a",
                "{id: a, chain: c, depends_on: [b]}, {id: b, chain: c, depends_on: [a]}"))
        .hasMessage("Circular dependency detected among chains: a, b");
  }

  @Test
  void namesTheMissingInput() {
    assertThatThrownBy(
            () -> PIPELINES.begin("p", sample("market-report"), Json.object().put("topic", "")))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageStartingWith("Missing required pipeline input topic");
  }

  @Test
  void knowsItsPlaceholders() {
    State state =
        PIPELINES
            .begin("p", sample("market-report"), Json.object().put("topic", "tea").put("n", 1))
            .with("first-one", Json.text("done"));
    assertThat(
            PipelineTemplate.render(
                "{input.topic}|{input.none}|{input}|{first-one}|{first-one.result}|{topic}|{none}|{none.result}",
                state))
        .isEqualTo("tea||{\"topic\":\"tea\",\"n\":\"1\"}|done|done|tea|{none}|{none.result}");
    assertThat(PipelineTemplate.render("{input.none|x} {none|y} {topic|z}", state))
        .isEqualTo("x y tea");
  }

  @Test
  void handsItsInputsOnWhenAReferenceMapsNone() throws Exception {
    String inputs = "inputs: [{name: topic}]\noutput: a";
    FakeStepContext context =
        FakeStepContext.with("topic", "tea", "input.topic", "tea", "other", "x");
    StepOutcome.RunChild child =
        (StepOutcome.RunChild) node(inputs, "{id: a, chain: c}").step().run(context);
    assertThat(child.request().input()).hasToString("{\"topic\":\"tea\"}");
    assertThat(
            ((StepOutcome.RunChild)
                    node(inputs, "{id: a, chain: c, inputs: {}}").step().run(context))
                .request()
                .input())
        .hasToString("{}");
  }

  @Test
  void cutsLongResults() throws Exception {
    assertThat(result("", "x".repeat(99_999))).hasSize(99_999);
    assertThat(result("", "x".repeat(200_000))).hasSize(100_000);
    assertThat(result(", summarize_output: true", "x".repeat(5_000))).hasSize(5_000);
    assertThat(result(", summarize_output: true", "x".repeat(5_001)))
        .startsWith("x".repeat(5_000) + "\n\n[… cut from 5001 characters");
    assertThat(result(", summarize_output: 100", "x".repeat(500))).hasSize(500);
    assertThat(result(", summarize_output: 100", "x".repeat(501)))
        .startsWith("x".repeat(100) + "\n");
    assertThat(result(", summarize_output: false", "x".repeat(9_000))).hasSize(9_000);
  }

  @Test
  void failsWithTheErrorOfItsChain() throws Exception {
    FakeStepContext context = FakeStepContext.with().failedChild("chain-1", "bang");
    assertThat(node("output: a", "{id: a, chain: c}").step().run(context))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> assertThat(failed.error()).startsWith("Chain \"c\" (c1) failed: bang"));
  }

  @Test
  void findsUnknownPlaceholders() {
    assertThat(PIPELINES.lint("market-report", sample("market-report")))
        .extracting(Finding::toString)
        .containsExactly(
            "chains.3.inputs.text: {unknown} is no input and no chain that this one depends on");
  }

  private static String result(String fields, String childResult) throws Exception {
    FakeStepContext context = FakeStepContext.with().child("chain-1", childResult);
    return ((StepOutcome.Done)
            node("output: a", "{id: a, chain: c" + fields + "}").step().run(context))
        .output()
        .stringValue();
  }

  private static Node node(String head, String references) {
    return compile(head, references);
  }

  private static Node compile(String head, String references) {
    String source = "name: p\n" + head + "\nchains: [" + references + "]\n";
    return PIPELINES.compile("p", source).nodes().getFirst();
  }
}
