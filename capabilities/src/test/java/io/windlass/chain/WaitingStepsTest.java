package io.windlass.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import io.windlass.step.Question;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class WaitingStepsTest {
  private final GateKind gate = new GateKind();
  private final SubchainKind subchain = new SubchainKind();
  private final MergeKind merge = new MergeKind();

  @Test
  void aGateAsksWithItsRenderedPrompt() throws Exception {
    FakeStepContext context = FakeStepContext.with("draft", "the text");
    StepOutcome.Ask ask = (StepOutcome.Ask) run(gate, "prompt: 'Publish {draft}?'", context);
    assertThat(ask.question())
        .isEqualTo(
            new Question(
                "gate",
                "Publish the text?",
                List.of("approve", "reject", "skip"),
                Duration.ofHours(24),
                null));
    assertThat(context.logs()).singleElement().asString().contains("24 h");
  }

  @ParameterizedTest
  @CsvSource({
    "24, 24 h",
    "1, 1 h",
    "1.5, 1 h 30 min",
    "0.5, 30 min",
    "0.0005, 1.8 s",
    "0.00001, 36 ms"
  })
  void aGateTellsItsTimeInFittingUnits(String hours, String told) throws Exception {
    FakeStepContext context = FakeStepContext.with();
    run(gate, "timeout_hours: " + hours, context);
    assertThat(context.logs()).singleElement().asString().endsWith("for " + told + " at most");
    assertThat(run(gate, "timeout_hours: " + hours, FakeStepContext.with().expired("gate")))
        .asString()
        .contains("nobody decided within " + told + ";");
  }

  @Test
  void aGateKeepsItsTimeAndItsExpiryRule() throws Exception {
    assertThat(question("timeout_hours: 0.5, on_timeout: skip").expiresAfter())
        .isEqualTo(Duration.ofMinutes(30));
    assertThat(question("on_timeout: skip").onExpiry()).isEqualTo("skip");
    assertThat(question("on_timeout: approve").onExpiry()).isEqualTo("approve");
    assertThat(question("on_timeout: error").onExpiry()).isNull();
  }

  @Test
  void aGateIsApprovedByItsRule() throws Exception {
    FakeStepContext context = FakeStepContext.with("risk", "low");
    StepOutcome.Done done =
        (StepOutcome.Done)
            run(gate, "gate_auto_approve_if: '{risk} == \"low\"', output_var: g", context);
    assertThat(done.output().stringValue()).isEqualTo("auto-approved");
    assertThat(done.set()).containsEntry("g", Json.text("approved"));
    assertThat(run(gate, "gate_auto_approve_if: '{risk} == \"high\"'", context))
        .isInstanceOf(StepOutcome.Ask.class);
  }

  @Test
  void aGateFollowsTheDecision() throws Exception {
    StepOutcome.Done done =
        (StepOutcome.Done) run(gate, "", FakeStepContext.with().answered("gate", "approve", null));
    assertThat(done.output().stringValue()).isEqualTo("approved");
    assertThat(done.set()).containsEntry("out", Json.text("approved"));
    assertThat(run(gate, "", FakeStepContext.with().answered("gate", "reject", null)))
        .isEqualTo(new StepOutcome.Failed("Gate rejected by user", false));
    assertThat(run(gate, "", FakeStepContext.with().answered("gate", "reject", "too long")))
        .isEqualTo(new StepOutcome.Failed("Gate rejected by user: too long", false));
    assertThat(run(gate, "", FakeStepContext.with().answered("gate", "skip", "later")))
        .isEqualTo(new StepOutcome.Skipped("Gate skipped by ann: later"));
    assertThat(run(gate, "", FakeStepContext.with().answered("gate", "maybe", null)))
        .isInstanceOf(StepOutcome.Failed.class);
  }

  @Test
  void aGateFailsWhenItsTimeIsOver() throws Exception {
    assertThat(run(gate, "timeout_hours: 1", FakeStepContext.with().expired("gate")))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> assertThat(failed.error()).contains("timed out", "1 h;"));
  }

  @Test
  void aSubchainHandsOnItsMappedInputs() throws Exception {
    FakeStepContext context = FakeStepContext.with("topic", "tea", "input.topic", "tea", "n", "3");
    StepOutcome.RunChild child =
        (StepOutcome.RunChild)
            run(
                subchain,
                "subchain: child, subchain_input_map: {subject: 'all on {topic}', n: 5}",
                context);
    assertThat(child.request().kind()).isEqualTo("chain");
    assertThat(child.request().name()).isEqualTo("child");
    assertThat(child.request().input()).hasToString("{\"subject\":\"all on tea\",\"n\":\"5\"}");
  }

  @Test
  void aSubchainWithoutAMapHandsOnAllVariables() throws Exception {
    FakeStepContext context = FakeStepContext.with("topic", "tea", "input.topic", "tea", "n", "3");
    StepOutcome.RunChild child = (StepOutcome.RunChild) run(subchain, "subchain: child", context);
    assertThat(child.request().input()).isEqualTo(Json.read("{\"topic\":\"tea\",\"n\":\"3\"}"));
  }

  @Test
  void aSubchainTakesOverTheResultOrTheError() throws Exception {
    StepOutcome.Done done =
        (StepOutcome.Done)
            run(subchain, "subchain: child", FakeStepContext.with().child("subchain-1", "fine"));
    assertThat(done.output().stringValue()).isEqualTo("fine");
    StepOutcome.Failed failed =
        (StepOutcome.Failed)
            run(
                subchain,
                "subchain: child",
                FakeStepContext.with().failedChild("subchain-1", "bang"));
    assertThat(failed.error()).contains("\"child\"", "bang");
    assertThat(failed.retryable()).isTrue();
  }

  @Test
  void aSubchainStartsAnotherChildWithEachAttempt() throws Exception {
    FakeStepContext context = FakeStepContext.with().failedChild("subchain-1", "bang");
    context.attempt(2);
    assertThat(run(subchain, "subchain: child", context)).isInstanceOf(StepOutcome.RunChild.class);
  }

  @Test
  void aSubchainIsGuardedAgainstRecursion() throws Exception {
    FakeStepContext context = FakeStepContext.with().inside("parent", 0);
    assertThat(failure("subchain: parent", context)).contains("cannot run itself");
    context.inside("parent", 10);
    assertThat(failure("subchain: child", context)).contains("deeper than 10");
    assertThat(failure("subchain: ../up", context)).contains("is no chain name");
    assertThat(failure("label: x", context)).contains("field subchain is missing");
  }

  @Test
  void aMergeJoinsWhatIsNotEmpty() throws Exception {
    FakeStepContext context = FakeStepContext.with("a", "one", "b", "", "c", "two \"x\"");
    assertThat(merged("inputs: [a, b, c, gone]", context)).isEqualTo("one\n\n---\n\ntwo \"x\"");
    assertThat(merged("inputs: {first: a, second: '{c}!'}", context))
        .isEqualTo("one\n\n---\n\ntwo \"x\"!");
    assertThat(merged("inputs: [a, b, c], strategy: json_array", context))
        .isEqualTo("[\"one\",\"\",\"two \\\"x\\\"\"]");
  }

  @Test
  void aMergeNamesWhatItCannotDoYet() throws Exception {
    FakeStepContext context = FakeStepContext.with("a", "one");
    assertThat(run(merge, "inputs: [a], strategy: pick_best", context))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> assertThat(failed.error()).contains("\"pick_best\" needs a model"));
    assertThat(run(merge, "inputs: []", context))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> assertThat(failed.error()).contains("needs inputs"));
  }

  private String failure(String fields, FakeStepContext context) throws Exception {
    return ((StepOutcome.Failed) run(subchain, fields, context)).error();
  }

  private String merged(String fields, FakeStepContext context) throws Exception {
    return ((StepOutcome.Done) run(merge, fields, context)).output().stringValue();
  }

  private Question question(String fields) throws Exception {
    return ((StepOutcome.Ask) run(gate, fields, FakeStepContext.with())).question();
  }

  private static StepOutcome run(StepKind kind, String fields, FakeStepContext context)
      throws Exception {
    ObjectNode step = Json.object().put("id", "s").put("prompt", "Go?").put("output_var", "out");
    step.setAll((ObjectNode) Yaml.read("{" + fields + "}"));
    return kind.bind(step).run(context);
  }
}
