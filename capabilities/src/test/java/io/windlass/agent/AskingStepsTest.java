package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.definition.Finding;
import io.windlass.engine.CrashableEngine;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.journal.Event;
import io.windlass.kernel.Json;
import io.windlass.model.OpenAiStub;
import io.windlass.model.StubReply;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Routers, evaluators, debates, merges and loops on the real engine, with a model over HTTP. */
final class AskingStepsTest {
  private static final String ROUTED =
      """
      name: routed
      steps:
        - {id: pick, type: router, prompt: "Sort {q}", output_var: kind, default_route: %s,
           routes: {bug: [fix, fix2, both], Feature: [plan, both], none: []}}
        - {id: fix, prompt: fix it, output_var: fixed}
        - {id: fix2, depends_on: [fix], prompt: fix more, output_var: fixed2}
        - {id: after_fix, depends_on: [fix2], prompt: after, output_var: after}
        - {id: plan, depends_on: [pick], prompt: plan it, output_var: planned}
        - {id: both, depends_on: [pick], prompt: for both, output_var: shared}
        - {id: end, type: transform, operation: template, prompt: x, output_var: out,
           depends_on: [pick, after_fix, plan, both],
           template_str: "{kind}|{fixed}|{after}|{planned}|{shared}"}
      output: out
      """;
  private static final String JUDGED =
      """
      name: judged
      steps:
        - {id: draft, prompt: "Write from {facts}", output_var: text,
           pre_tools: [{type: gather, inject_as: facts}]}
        - {id: between, type: transform, depends_on: [draft], operation: template, prompt: x,
           template_str: "[{text}]", output_var: mid}
        - {id: judge, type: evaluator, depends_on: [between], prompt: never sent, input_var: text,
           criteria: "Is it long?", retry_target: draft, output_var: verdict, %s}
        - {id: end, type: transform, operation: template, prompt: x, output_var: out,
           depends_on: [judge], template_str: "{verdict}|{text}|{mid}"}
      output: out
      """;
  @TempDir Path home;
  private final AtomicInteger calls = new AtomicInteger();
  private Function<String, String> model = prompt -> "re: " + prompt;
  private @Nullable OpenAiStub stub;
  private @Nullable AskingChains chains;
  private @Nullable CrashableEngine engine;

  @BeforeEach
  void open() {
    stub =
        OpenAiStub.answering(request -> {
          calls.incrementAndGet();
          String answer = model.apply(request.prompt());
          return answer.startsWith("HTTP ")
              ? StubReply.refusal(Integer.parseInt(answer.substring(5)), "no")
              : StubReply.text(answer);
        });
    chains = new AskingChains(stub);
    engine = new CrashableEngine(home, null, chains.kind, 0, false);
    engine.begin();
  }

  @AfterEach
  void close() throws Exception {
    engine().close();
    if (chains != null && stub != null) {
      chains.close();
      stub.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "' BUG ', none, bug|re: fix it|re: after||re: for both",
    "'It is a feature, no bug.', none, bug|re: fix it|re: after||re: for both",
    "'a FEATURE', none, Feature|||re: plan it|re: for both",
    "dunno, Feature, Feature|||re: plan it|re: for both",
    "dunno, none, none||||",
    "'', Feature, Feature|||re: plan it|re: for both",
  })
  void runsOnlyWhatTheChosenRouteNames(String answer, String standard, String expected)
      throws Exception {
    model = prompt -> prompt.startsWith("Sort") ? answer : "re: " + prompt;
    Execution ended = run(ROUTED.formatted(standard));
    assertThat(Json.show(ended.result())).isEqualTo(expected);
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    boolean fixed = expected.startsWith("bug");
    assertThat(statuses(ended))
        .containsEntry("after_fix", fixed ? StepStatus.DONE : StepStatus.SKIPPED)
        .containsEntry("fix2", fixed ? StepStatus.DONE : StepStatus.SKIPPED);
    List<String> skipped =
        engine().events(ended.id()).stream()
            .filter(Event.StepSkipped.class::isInstance)
            .map(event -> ((Event.StepSkipped) event).step())
            .toList();
    assertThat(skipped).doesNotHaveDuplicates();
  }

  @Test
  void takesNoRouteWithoutADefault_andFailsOnAnEmptyAnswer() throws Exception {
    model = prompt -> prompt.startsWith("Sort") ? "dunno" : "re: " + prompt;
    String chain = ROUTED.formatted("none").replace("default_route: none,", "");
    Execution ended = run(chain);
    assertThat(Json.show(ended.result())).isEqualTo("||||");
    assertThat(logs(ended)).anyMatch(line -> line.contains("dunno") && line.contains("bug"));
    model = prompt -> "";
    Execution empty = run(chain);
    assertThat(empty.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(empty.error()).contains("default_route");
    assertThat(logs(empty)).anyMatch(line -> line.contains("gave step \"pick\" an empty answer"));
  }

  @Test
  void warnsOfWhatIsNoJson_unlessTheKindIsHeldAgainstItsForm() throws Exception {
    Execution ended =
        run(
            """
            name: formed
            inputs: [{name: q}]
            steps:
              - {id: merged, type: merge, prompt: x, inputs: [q], strategy: pick_best, output_var: a,
                 output_schema: json}
              - {id: talked, type: debate, prompt: Q, debate_agents: [{prompt: A}], output_var: b,
                 output_schema: json}
              - {id: asked, prompt: Q, output_var: c, output_schema: json}
            output: a
            """);
    assertThat(logs(ended)).filteredOn(line -> line.contains("no valid JSON")).hasSize(1);
  }

  @Test
  void judgesAgainUntilItPasses_replacingTheTargetAlone() throws Exception {
    AtomicInteger drafts = new AtomicInteger();
    model =
        prompt ->
            prompt.startsWith("Evaluate")
                ? (prompt.contains("draft 2") ? "**Pass**, fine" : "FAIL: {text} too short")
                : "draft "
                    + drafts.incrementAndGet()
                    + (prompt.contains("FAIL: {text}") ? "!" : "");
    Execution ended = run(JUDGED.formatted("on_fail: retry"));
    assertThat(Json.show(ended.result())).isEqualTo("PASS|draft 2!|[draft 1]");
    assertThat(chains().gathered).hasValue(1);
    assertThat(view(ended, "draft").visits()).isEqualTo(2);
    assertThat(Json.show(view(ended, "draft").output())).isEqualTo("draft 2!");
    assertThat(Json.show(view(ended, "judge").output())).isEqualTo("**Pass**, fine");
    assertThat(view(ended, "between").visits()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'on_fail: retry', 3, FAIL|draft|[draft], DONE",
    "'on_fail: retry, max_retries: 0', 1, FAIL|draft|[draft], DONE",
    "'on_fail: continue', 1, FAIL|draft|[draft], DONE",
    "'on_fail: skip', 1, |draft|[draft], SKIPPED",
    "'on_fail: error', 1, , FAILED",
  })
  void endsAsItsFieldsSay_whenItNeverPasses(
      String fields, int evaluations, @Nullable String result, StepStatus status) throws Exception {
    model = prompt -> prompt.startsWith("Evaluate") ? "FAIL" : "draft";
    Execution ended = run(JUDGED.formatted(fields));
    assertThat(stub().requests().stream().filter(r -> r.prompt().startsWith("Evaluate")))
        .hasSize(evaluations);
    assertThat(view(ended, "judge").status()).isEqualTo(status);
    assertThat(result == null ? null : Json.show(ended.result())).isEqualTo(result);
    assertThat(stub().requests()).noneMatch(request -> request.prompt().contains("never sent"));
  }

  @ParameterizedTest
  @CsvSource({"7, PASS", "6, FAIL", "10/10, PASS", "no idea, FAIL"})
  void scoresAgainstTheThreshold(String answer, String verdict) throws Exception {
    model = prompt -> prompt.startsWith("Evaluate") ? answer : "draft";
    Execution ended = run(JUDGED.formatted("on_fail: continue, eval_scoring: true"));
    assertThat(Json.show(ended.result())).startsWith(verdict + "|");
  }

  @Test
  void debatesInRoundsAndDecides() throws Exception {
    Execution ended =
        run(
            """
            name: debated
            steps:
              - {id: talk, type: debate, prompt: "Tea or coffee?", output_var: out, debate_rounds: 2,
                 debate_agents: [{prompt: You like tea}, {prompt: You like coffee, model: gpt-4o}],
                 debate_decision: consensus, output_must_contain: [milk]}
            output: out
            """);
    assertThat(calls).hasValue(5);
    List<OpenAiStub.Request> asked = stub().requests();
    assertThat(asked.subList(2, 4))
        .anyMatch(request ->
            request.model().equals("gpt-4o")
                && request.prompt().startsWith("You like coffee\n\nTea or coffee?")
                && request.prompt().contains("## Agent 1\n\nre: You like tea"));
    assertThat(asked.getLast().prompt()).contains("agree");
    assertThat(Json.show(ended.result())).startsWith("re: 2 agents debated");
    assertThat(logs(ended)).anyMatch(line -> line.contains("milk"));
  }

  @Test
  void joinsTheLastRoundsAnswers() throws Exception {
    model = prompt -> prompt.startsWith("A") ? "yes" : "no";
    Execution ended =
        run(
            """
            name: last
            steps:
              - {id: talk, type: debate, prompt: Q, output_var: out, debate_decision: last_round,
                 debate_agents: [{prompt: A}, {prompt: B}]}
            output: out
            """);
    assertThat(Json.show(ended.result())).isEqualTo("## Agent 1\n\nyes\n\n## Agent 2\n\nno");
  }

  @Test
  void mergesByAModel() throws Exception {
    Execution ended =
        run(
            """
            name: merged
            inputs: [{name: a}, {name: b}]
            steps:
              - {id: m, type: merge, strategy: pick_best, inputs: [a, b], prompt: x, output_var: out}
            output: out
            """);
    assertThat(Json.show(ended.result()))
        .startsWith("re: Choose the best")
        .endsWith("## a\n\none\n\n## b\n\ntwo");
  }

  @Test
  void loopsOverItemsInBatchesUntilItIsEnough() throws Exception {
    model = prompt -> prompt.equals("do b 1/4 fact 2") ? "HTTP 400" : "re: " + prompt;
    String chain =
        """
        name: looped
        steps:
          - {id: l, type: loop, items_var: list, prompt: "do {item} {item_index}/{loop_total} {facts}",
             pre_tools: [{type: gather, inject_as: facts}], output_var: out, max_parallel: 1,
             loop_on_error: %s, loop_until: '{loop_result} contains "do c"'}
        output: out
        """;
    Execution ended = run(chain.formatted("continue"));
    assertThat(Json.show(ended.result()))
        .startsWith("[\"re: do a 0/4 fact 1\",\"[ERROR: ")
        .endsWith("\",\"re: do c 2/4 fact 3\"]");
    chains().gathered.set(0);
    Execution aborted = run(chain.formatted("abort"));
    assertThat(aborted.error()).startsWith("Item 2 of 4 (\"b\"): ").contains("HTTP 400");
  }

  @Test
  void runsTheTemplateForEachItem_ofAnyKind() throws Exception {
    Execution ended =
        run(
            """
            name: templated
            steps:
              - {id: l, type: loop, items_var: list, prompt: x, output_var: each,
                 step_template: {type: transform, operation: template, template_str: "<{item}>",
                                 condition: '{item} != "c"'}}
              - {id: s, type: loop, items_var: list, prompt: x, output_var: subs, depends_on: [l],
                 step_template: {type: subchain, chain: child, subchain_input_map: {x: "{item}"}}}
              - {id: end, type: transform, operation: template, prompt: x, output_var: out,
                 depends_on: [s], template_str: "{each} {subs}"}
            output: out
            """);
    assertThat(Json.show(ended.result()))
        .isEqualTo("[\"<a>\",\"<b>\",\"\",\"<d>\"] [\"(a)\",\"(b)\",\"(c)\",\"(d)\"]");
  }

  @Test
  void triesTheFallbackModelsOfADebate_forAgentsWithAModelOfTheirOwn() throws Exception {
    model =
        prompt ->
            stub().requests().stream()
                    .filter(request -> request.prompt().equals(prompt))
                    .reduce((_, later) -> later)
                    .orElseThrow()
                    .model()
                    .equals("gpt-a")
                ? "HTTP 400"
                : "fine";
    Execution ended =
        run(
            """
            name: fallen
            steps:
              - {id: talk, type: debate, prompt: Q, output_var: out, debate_decision: last_round,
                 fallback_models: [gpt-a, gpt-b],
                 debate_agents: [{prompt: A, model: gpt-a}, {prompt: B, model: gpt-c}]}
            output: out
            """);
    assertThat(ended.error()).isNull();
    assertThat(stub().requests())
        .extracting(OpenAiStub.Request::model)
        .contains("gpt-a", "gpt-b", "gpt-c");
  }

  @Test
  void triesTheFallbackModelsOfALoopForEachItem() throws Exception {
    model =
        prompt ->
            prompt.equals("do b") && calls.get() < 4 ? "HTTP 400" : calls.get() + " " + prompt;
    Execution ended =
        run(
            """
            name: fallen
            steps:
              - {id: l, type: loop, items_var: list, prompt: "do {item}", output_var: out,
                 max_parallel: 1, fallback_models: [gpt-a, gpt-b, gpt-c]}
            output: out
            """);
    assertThat(Json.show(ended.result()))
        .isEqualTo("[\"1 do a\",\"4 do b\",\"5 do c\",\"6 do d\"]");
    assertThat(stub().requests())
        .extracting(OpenAiStub.Request::model)
        .containsExactly("gpt-a", "gpt-a", "gpt-b", "gpt-c", "gpt-a", "gpt-a");
  }

  @Test
  void asksNoMoreThanItsBoundAtOnce() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    model =
        prompt -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          try {
            Thread.sleep(2);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          now.decrementAndGet();
          return "ok";
        };
    Execution ended =
        run(
            """
            name: many
            steps:
              - {id: l, type: loop, items_var: many, prompt: "do {item}", output_var: out}
            output: out
            """);
    assertThat(Json.read(Json.show(ended.result())).size()).isEqualTo(300);
    assertThat(most.get()).isBetween(2, 64);
  }

  @Test
  void refusesAnEvaluatorWhoseTargetIsNoStep_beforeAnybodyIsAsked() {
    for (String target : List.of("drafts", "judge")) {
      assertThatThrownBy(() ->
              run(
                  JUDGED
                      .formatted("on_fail: retry")
                      .replace("retry_target: draft", "retry_target: " + target)))
          .hasMessageContaining("Step \"judge\": retry_target must name another step")
          .hasMessageContaining("\"" + target + "\" is none");
    }
    assertThat(calls).hasValue(0);
  }

  @Test
  void warns_whenThereIsNothingToJudge() throws Exception {
    model = prompt -> prompt.startsWith("Evaluate") ? "PASS" : "re";
    Execution ended =
        run(JUDGED.formatted("on_fail: continue").replace("input_var: text", "input_var: texts"));

    assertThat(logs(ended))
        .filteredOn(line -> line.contains("There is no variable \"texts\""))
        .singleElement()
        .asString()
        .contains("the empty text is judged", "input_var");
  }

  @Test
  void lintTellsWhatCannotWork() {
    List<Finding> findings =
        chains()
            .kind
            .lint(
                "bad",
                """
                name: bad
                steps:
                  - {id: r, type: router, prompt: x, output_var: a, routes: {x: [nobody]}, default_route: y}
                  - {id: e, type: evaluator, prompt: x, output_var: b, on_fail: retry}
                  - {id: f, type: evaluator, prompt: x, output_var: c, input_var: b, retry_target: d}
                  - {id: d, type: debate, prompt: x, output_var: d}
                  - {id: l, type: loop, prompt: x, output_var: out, step_template: {type: router}}
                output: out
                """);
    assertThat(findings.stream().filter(Finding::error).map(Finding::path))
        .containsExactlyInAnyOrder(
            "steps.0.routes.x",
            "steps.0.default_route",
            "steps.1.input_var",
            "steps.1.retry_target",
            "steps.2.retry_target",
            "steps.3.debate_agents",
            "steps.4.items_var",
            "steps.4.step_template");
  }

  private Execution run(String chain) throws InterruptedException {
    engine()
        .engine()
        .definitions()
        .save(
            "chain",
            "child",
            "{name: child, output: o, steps: [{id: c, type: transform, operation: template,"
                + " prompt: x, template_str: '({x})', output_var: o}]}");
    String name = "c" + chain.hashCode();
    engine().engine().definitions().save("chain", name, chain);
    ObjectNode input = Json.object().put("q", "this").put("list", "a\nb\n\nc\nd");
    input.put("a", "one").put("b", "two");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      many.append(i).append('\n');
    }
    input.put("many", many.toString());
    return engine().awaitEnd(engine().start(name, input));
  }

  private Map<String, StepStatus> statuses(Execution execution) {
    return engine().engine().executions().detail(execution.id()).steps().stream()
        .collect(Collectors.toMap(StepView::id, StepView::status));
  }

  private StepView view(Execution execution, String step) {
    return engine().engine().executions().detail(execution.id()).steps().stream()
        .filter(view -> view.id().equals(step))
        .findFirst()
        .orElseThrow();
  }

  private List<String> logs(Execution execution) {
    return engine().events(execution.id()).stream()
        .filter(Event.StepLog.class::isInstance)
        .map(event -> ((Event.StepLog) event).message())
        .toList();
  }

  private CrashableEngine engine() {
    return java.util.Objects.requireNonNull(engine);
  }

  private OpenAiStub stub() {
    return java.util.Objects.requireNonNull(stub);
  }

  private AskingChains chains() {
    return java.util.Objects.requireNonNull(chains);
  }
}
