package io.windlass.chain;

import static io.windlass.chain.Documents.CHAINS;
import static io.windlass.chain.Documents.chain;
import static io.windlass.chain.Documents.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.Outline;
import io.windlass.definition.RecoveryRule;
import io.windlass.definition.Retry;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ChainKindTest {
  private static final String A = "id: a, prompt: p, output_var: out";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deep-researcher",
        "code-review",
        "smart-briefing",
        "sales-digest",
        "support-triage"
      })
  void loadsAndCompilesChainsAsPeopleWriteThem(String name) {
    String source = sample(name);
    assertThat(CHAINS.outline(name, source).steps()).isPositive();
    assertThat(CHAINS.compile(name, source).nodes()).isNotEmpty();
    assertThat(CHAINS.lint(name, source)).noneMatch(finding -> finding.error());
  }

  @Test
  void tellsTheOutline() {
    Outline outline = CHAINS.outline("deep-researcher", sample("deep-researcher"));
    assertThat(outline.title()).isEqualTo("deep-researcher");
    assertThat(outline.description()).isEqualTo("Multi-perspective research");
    assertThat(outline.version()).isEqualTo("1.0");
    assertThat(outline.steps()).isEqualTo(6);
    assertThat(outline.inputs().getFirst().required()).isTrue();
    assertThat(outline.inputs().get(1).required()).isFalse();
    assertThat(outline.inputs().get(1).defaultValue()).isEqualTo(Json.text("deep"));
    assertThat(CHAINS.outline("smart-briefing", sample("smart-briefing")).inputs())
        .extracting(input -> input.type())
        .containsExactly("string", "number", "url");
    assertThat(CHAINS.outline("x", "version: 1.10\n" + chain(A)).version()).isEqualTo("1.10");
  }

  @Test
  void takesAChainWrittenAsJson() {
    String json =
        """
        {"name": "j", "steps": [{"id": "a", "prompt": "{\\"x\\": 1}", "output_var": "out"}],
         "output": "out"}
        """;
    assertThat(CHAINS.outline("j", json).steps()).isEqualTo(1);
    assertThat(CHAINS.outline("j", Yaml.write(Json.read(json))))
        .isEqualTo(CHAINS.outline("j", json));
  }

  @Test
  void refusesContextStrategiesThatAreNone() {
    for (String wrong : List.of("bogus", "'truncate:x'", "truncate", "Full", "3", "''")) {
      assertThatThrownBy(() ->
              CHAINS.outline(
                  "c",
                  chain("id: a, prompt: p, output_var: out, context_strategy: {r: " + wrong + "}")))
          .as(wrong)
          .hasMessageContaining(
              "steps.0.context_strategy.r: expected full, summarize or truncate:N");
    }
    assertThat(
            CHAINS.outline(
                "c",
                chain(
                    "id: a, prompt: p, output_var: out, context_strategy: {r: full, s: summarize,"
                        + " t: 'truncate:20', u: 'truncate: 20'}")))
        .isNotNull();
  }

  @Test
  void tellsEveryFaultOfTheSchemaAtOnce() {
    String broken =
        """
        description: [a]
        inputs:
          - {description: nameless}
          - {name: n, type: colour, optional: maybe}
        steps:
          - id: a
            output_var: x
            type: agnet
            depends_on: b
            retry: {max: often}
            timeout_ms: -1
            pre_tools: [{type: bash, on_error: explode}]
          - id: a
            prompt: ""
            output_var: 7
          - nonsense
          - id: c
            prompt: {topic}
            output_var: c
            merge_me: 1
        output: 12
        """;
    assertThatThrownBy(() -> CHAINS.outline("my-chain", broken))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION);
              List<String> lines = e.text().lines().toList();
              assertThat(lines.getFirst()).isEqualTo("Invalid chain \"my-chain\":");
              assertThat(lines.subList(1, lines.size()))
                  .allMatch(line -> line.matches("[a-z_0-9.]+: .+"))
                  .extracting(line -> line.substring(0, line.indexOf(':')))
                  .containsExactlyInAnyOrder(
                      "name",
                      "description",
                      "inputs.0.name",
                      "inputs.1.type",
                      "inputs.1.optional",
                      "steps.0.prompt",
                      "steps.0.type",
                      "steps.0.depends_on",
                      "steps.0.retry.max",
                      "steps.0.timeout_ms",
                      "steps.0.pre_tools.0.inject_as",
                      "steps.0.pre_tools.0.on_error",
                      "steps.1.prompt",
                      "steps.1.output_var",
                      "steps.1.id",
                      "steps.2",
                      "steps.3.prompt",
                      "output");
              assertThat(e.text())
                  .contains("steps.0.prompt: is required")
                  .contains("steps.0.type: expected one of agent, router, ")
                  .contains("got \"agnet\"")
                  .contains("steps.3.prompt: expected text, got an object; put quotes around");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a: [1; yaml: line 1",
        "``; document: expected an object with name, …; it is empty",
        "just text; document: expected an object with name, …; got \"just text\"",
        "[1, 2]; document: expected an object with name, …; got a list",
        "{name: x, output: o, steps: []}; steps: must hold at least one step",
        "{name: x, output: o, steps: none}; steps: expected a list, got \"none\"",
        "{name: x, output: o}; steps: is required",
        "{name: x, output: o, steps: null}; steps: is required",
      })
  void tellsOneLineForWhatIsNoChain(String source, String line) {
    assertThatThrownBy(() -> CHAINS.outline("c", source))
        .isInstanceOf(WindlassException.class)
        .hasMessageStartingWith("Invalid chain \"c\":\n" + line);
  }

  @Test
  void savesAChainThatIsOnlyACanvasButDoesNotRunIt() {
    String canvas = "{name: x, steps: [], canvas_items: [{kind: note}]}";
    assertThat(CHAINS.outline("c", canvas).steps()).isZero();
    assertThatThrownBy(() -> CHAINS.compile("c", canvas)).hasMessageContaining("has no steps");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".a", "-a", "a/b", "../a", "a..b", "a b", "ä", "a\n", "a\0"})
  void refusesNamesThatAreNone(String name) {
    assertThatThrownBy(() -> CHAINS.outline(name, chain(A)))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_NAME));
  }

  @Test
  void tellsFaultsOfTheGraphWhenItCompiles() {
    String unknown = chain(A + ", depends_on: [b, c]");
    assertThat(CHAINS.outline("x", unknown).steps()).isEqualTo(1);
    assertThatThrownBy(() -> CHAINS.compile("x", unknown))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessage(
            "Step \"a\" depends on unknown step \"b\"\nStep \"a\" depends on unknown step \"c\"");
    String circle =
        chain(
            A,
            "id: b, prompt: p, output_var: x, depends_on: [c, a]",
            "id: c, prompt: p, output_var: y, depends_on: [b]",
            "id: d, prompt: p, output_var: z, depends_on: [c]");
    assertThatThrownBy(() -> CHAINS.compile("x", circle))
        .hasMessage("Circular dependency detected among steps: b, c");
    assertThatThrownBy(() -> CHAINS.compile("x", chain(A + ", depends_on: [a]")))
        .hasMessage("Circular dependency detected among steps: a");
    assertThatThrownBy(() -> CHAINS.compile("x", chain("id: a, prompt: p, output_var: other")))
        .hasMessageStartingWith("Output \"out\" does not match the output_var of any step");
  }

  @Test
  void compilesTheCommonFields() {
    Node node =
        node(
            A
                + ", label: First, retry: {max: 4}, timeout_ms: 1500, type: transform,"
                + " on_recovery: ask");
    assertThat(node.label()).isEqualTo("First");
    assertThat(node.kind()).isEqualTo("transform");
    assertThat(node.output()).isEqualTo("out");
    assertThat(node.retry()).isEqualTo(new Retry(4, Duration.ofSeconds(2), 2));
    assertThat(node.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(node.onRecovery()).isEqualTo(RecoveryRule.ASK);
    assertThat(node(A + ", retry: {max: 2, delay_ms: 10, backoff: 1.5}").retry())
        .isEqualTo(new Retry(2, Duration.ofMillis(10), 1.5));
    assertThat(node(A).retry()).isEqualTo(Retry.NEVER);
    assertThat(node(A).label()).isEqualTo("a");
    assertThat(node(A).onRecovery()).isNull();
  }

  @Test
  void boundsStepsThatCallAModelToFiveMinutesAndTheirPreTools() {
    assertThat(node(A).timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(node(A + ", timeout_ms: 1000, pre_tools: [{type: bash, inject_as: x, retry: 2}]"))
        .extracting(Node::timeout)
        .isEqualTo(Duration.ofSeconds(1 + 3 * 30 + 1 + 2));
    for (String type : List.of("gate", "transform", "merge", "subchain", "webhook")) {
      assertThat(node(A + ", type: " + type).timeout()).isNull();
    }
  }

  @Test
  void asksEarlyExitBeforeTheCondition() {
    Guard guard = node(A + ", early_exit_if: '{stop}', condition: '{go}'").guard();
    assertThat(guard.check(FakeStepContext.state("stop", "1", "go", "0")))
        .isEqualTo(new Guard.End("Early exit: {stop}"));
    assertThat(guard.check(FakeStepContext.state("stop", "", "go", "0")))
        .isEqualTo(new Guard.Skip("Skipped, condition not met: {go}"));
    assertThat(guard.check(FakeStepContext.state("stop", "", "go", "1")))
        .isEqualTo(new Guard.Run());
    assertThat(node(A + ", condition: ''").guard()).isSameAs(Guard.NONE);
  }

  @Test
  void runsAStepThatIsNotBuiltYetIntoAnErrorThatNamesIt() throws Exception {
    StepOutcome outcome = node(A + ", type: router").step().run(FakeStepContext.with());
    assertThat(outcome)
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> {
              assertThat(failed.error())
                  .startsWith("Step \"a\": the step type \"router\" is not available yet");
              assertThat(failed.retryable()).isFalse();
            });
  }

  @Test
  void bindsKindsToFieldsWithTheirAliasesResolved() {
    StepKind webhook =
        new StepKind() {
          @Override
          public String name() {
            return "webhook";
          }

          @Override
          public Step bind(ObjectNode fields) {
            return context ->
                StepOutcome.done(fields.path("webhook_url").asString() + fields.has("url"));
          }
        };
    ChainKind kind = new ChainKind(Map.of("webhook", webhook), Map.of());
    Flow flow = kind.compile("x", chain(A + ", type: webhook, url: 'http://x/'"));
    assertThat(flow.nodes().getFirst().step())
        .satisfies(step ->
            assertThat(step.run(FakeStepContext.with()))
                .isEqualTo(StepOutcome.done("http://x/false")));
  }

  @Test
  void endsWithTheOutputVariableOrNothing() {
    Flow flow = CHAINS.compile("x", chain(A));
    assertThat(flow.result().apply(FakeStepContext.state("out", "res")))
        .isEqualTo(Json.text("res"));
    assertThat(flow.result().apply(State.EMPTY)).isEqualTo(Json.text(""));
    assertThat(flow.stepLimit()).isGreaterThan(100);
  }

  private static Node node(String step) {
    return CHAINS.compile("x", chain(step)).nodes().getFirst();
  }
}
