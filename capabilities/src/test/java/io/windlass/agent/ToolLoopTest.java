package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.model.OpenAiStub;
import io.windlass.model.Script;
import io.windlass.model.StubReply;
import io.windlass.step.FakeStepContext;
import io.windlass.step.StepOutcome;
import io.windlass.tool.BuiltInTools;
import io.windlass.tool.PreTools;
import io.windlass.tool.ToolRehearsal;
import io.windlass.tool.ToolResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class ToolLoopTest {
  private static final String TWO_TURNS =
      """
      answers:
        - turn: 1
          text: Let me look.
          calls: [{name: look, arguments: {x: "a {topic}"}}]
        - {turn: 2, text: "It is {topic}."}
      """;

  private final FakeStepContext context = FakeStepContext.with("topic", "tea");
  private final FakeTool look =
      new FakeTool("look", true, call -> ToolResult.of("saw " + call.arguments().path("x")));
  private final FakeTool change = new FakeTool("change", false, call -> ToolResult.of("changed"));

  @Test
  void callsToolsUntilTheModelAsksForNone() throws Exception {
    StepOutcome outcome = run(TWO_TURNS, "");

    assertThat(outcome).isEqualTo(StepOutcome.done("It is {topic}."));
    assertThat(look.calls).hasSize(1);
    // What a model writes is nobody's template.
    assertThat(look.calls.getFirst().arguments().path("x").asString()).isEqualTo("a {topic}");
    assertThat(context.journal().keySet())
        .containsExactlyInAnyOrder("model:0:0", "tool:0:0:0", "model:0:1");
    assertThat(String.join("", context.chunks())).isEqualTo("Let me look.\n\nIt is {topic}.");
    assertThat(context.logs())
        .anySatisfy(line -> assertThat(line).startsWith("info: Tool look {\"x\":\"a {topic}\"}: "));
    assertThat(context.usages()).hasSize(2);
  }

  @Test
  void repeatsNothingThatHasFinished_andTellsTheSameTextAgain() throws Exception {
    run(TWO_TURNS, "");
    String told = String.join("", context.chunks());
    StepOutcome replayed = run(TWO_TURNS, "");

    assertThat(replayed).isEqualTo(StepOutcome.done("It is {topic}."));
    assertThat(look.calls).hasSize(1);
    assertThat(String.join("", context.chunks())).isEqualTo(told + told);
  }

  @Test
  void runsTheCallsOfOneTurnSideBySide() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    FakeTool meet =
        new FakeTool(
            "meet",
            true,
            call -> {
              both.await(10, TimeUnit.SECONDS);
              return ToolResult.of(call.arguments().path("x").asString());
            });
    try (OpenAiStub stub =
        OpenAiStub.answering(request ->
            request.body().path("messages").size() == 1
                ? StubReply.calls(
                    call(0, "c1", "meet", "{\\\"x\\\": \\\"one\\\"}"),
                    call(1, "c2", "meet", "{\\\"x\\\": \\\"two\\\"}"))
                : StubReply.text("done"))) {
      try (Models models = openAi(stub)) {
        assertThat(step(models, "\"tools\": [\"meet\"]", meet).run(context))
            .isEqualTo(StepOutcome.done("done"));
      }
      var messages = stub.requests().getLast().body().path("messages");
      assertThat(messages.size()).isEqualTo(4);
      assertThat(messages.path(2).path("content").asString()).isEqualTo("one");
      assertThat(messages.path(3).path("content").asString()).isEqualTo("two");
    }
  }

  @Test
  void tellsTheModelWhatIsWrongWithItsCalls() throws Exception {
    StepOutcome outcome =
        run(
            """
            answers:
              - turn: 1
                calls:
                  - {name: gone, arguments: {}}
                  - {name: look, arguments: "{broken"}
                  - {name: look, arguments: {x: 7}}
                  - {name: look, arguments: {}}
              - {turn: 2, text: done}
            """,
            "");

    assertThat(outcome).isEqualTo(StepOutcome.done("done"));
    assertThat(look.calls).isEmpty();
    assertThat(result(0)).contains("no tool \"gone\"").contains("look, change");
    assertThat(result(1)).contains("one JSON object").contains("{broken");
    assertThat(result(2)).contains("/x").contains("string");
    assertThat(result(3)).contains("required").contains("x");
  }

  @Test
  void endsAConversationWhoseCallsAreNeverUsable() throws Exception {
    StepOutcome outcome = run("answers: [{calls: [{name: gone, arguments: {}}]}]", "");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> {
              assertThat(failed.error()).contains("5 turns in a row").contains("gone");
              assertThat(failed.retryable()).isFalse();
            });
    assertThat(context.journal()).containsKey("model:0:4").doesNotContainKey("model:0:5");
  }

  @Test
  void stopsAtItsLastTurn() throws Exception {
    String script = "answers: [{calls: [{name: look, arguments: {x: a}}]}]";
    StepOutcome outcome = run(script, ", \"max_turns\": 3");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> assertThat(failed.error()).contains("after 3 turns").contains("max_turns"));
    assertThat(look.calls).hasSize(2);
  }

  @Test
  void takesWhatWasSaidAtTheLastTurnForTheAnswer() throws Exception {
    String script = "answers: [{text: so far, calls: [{name: look, arguments: {x: a}}]}]";

    assertThat(run(script, ", \"max_turns\": 2")).isEqualTo(StepOutcome.done("so far"));
    assertThat(context.logs()).anyMatch(line -> line.startsWith("warn: The model still asks"));
  }

  @Test
  void stopsAToolThatHangsAndTellsTheModel() throws Exception {
    FakeTool hang =
        new FakeTool(
            "look",
            true,
            call -> {
              TimeUnit.MINUTES.sleep(5);
              return ToolResult.of("never");
            });
    StepOutcome outcome = run(TWO_TURNS, ", \"tool_timeout_ms\": 50", Set.of(), hang);

    assertThat(outcome).isEqualTo(StepOutcome.done("It is {topic}."));
    assertThat(result(0)).contains("longer than 50 ms");
  }

  @Test
  void takesTheToolsOwnTime_whereTheStepSetsNone() throws Exception {
    FakeTool hang =
        new FakeTool(
            "look",
            true,
            call -> {
              TimeUnit.MINUTES.sleep(5);
              return ToolResult.of("never");
            });
    hang.timeLimit = Optional.of(Duration.ofMillis(70));

    assertThat(run(TWO_TURNS, "", Set.of(), hang)).isEqualTo(StepOutcome.done("It is {topic}."));

    assertThat(result(0)).contains("longer than 70 ms");
    assertThat(hang.calls.getFirst().timeout()).isEqualTo(Duration.ofMillis(70));
  }

  @Test
  void tellsTheModelHowAToolFailed_andCutsLongResults() throws Exception {
    FakeTool bad =
        new FakeTool(
            "look",
            true,
            call -> {
              throw new IllegalStateException("out of paper");
            });
    run(TWO_TURNS, "", Set.of(), bad);
    assertThat(result(0)).isEqualTo("out of paper");
    assertThat(context.logs()).anyMatch(line -> line.startsWith("warn: Tool look"));

    context.journal().clear();
    run(
        TWO_TURNS,
        "",
        Set.of(),
        new FakeTool("look", true, call -> ToolResult.of("é\0".repeat(40_000))));
    assertThat(result(0))
        .startsWith("é\uFFFDé")
        .hasSizeLessThan(CallResult.LIMIT + 200)
        .endsWith("[cut: only the first 50000 of 80000 characters are shown]");
  }

  @Test
  void asksAPersonBeforeAToolThatNeedsIt_oneQuestionAfterTheOther() throws Exception {
    String script =
        """
        answers:
          - turn: 1
            calls:
              - {name: change, arguments: {x: one}}
              - {name: look, arguments: {x: two}}
              - {name: change, arguments: {x: three}}
          - {turn: 2, text: done}
        """;
    String fields = ", \"approve_tools\": [\"change\"]";

    StepOutcome first = run(script, fields);
    assertThat(asked(first)).contains("test-step").contains("change").contains("\"one\"");
    assertThat(change.calls).isEmpty();
    assertThat(look.calls).hasSize(1);

    context.answered("approval:tool:0:0:0", "approve", null);
    StepOutcome second = run(script, fields);
    assertThat(asked(second)).contains("\"three\"");
    assertThat(change.calls).hasSize(1);

    context.answered("approval:tool:0:0:2", "reject", "not on a Friday");
    assertThat(run(script, fields)).isEqualTo(StepOutcome.done("done"));
    assertThat(change.calls).hasSize(1);
    assertThat(look.calls).hasSize(1);
    assertThat(context.journal().get("approval:tool:0:0:2").toString()).contains("Friday");
  }

  @ParameterizedTest
  @CsvSource({
    "bash, Bash(git:*)",
    "write_file, Write_File",
    "mcp__every__echo, every.echo",
    "mcp__every__echo, every",
    "mcp__every__echo, mcp__every",
    "mcp__every_one__echo, every one.echo",
    "anything, *",
  })
  void coversAToolByAllItsSpellings(String tool, String name) {
    assertThat(ToolNames.cover(List.of(name), tool)).isTrue();
    assertThat(ToolNames.cover(List.of("look", "mcp__ever", "eve"), tool)).isFalse();
  }

  @Test
  void doesNotRun_whenNobodyKnowsWhatIsToBeApproved() {
    try (Models models = Models.scripted(Script.parse("test", "answers: [{text: x}]"))) {
      AgentKind kind = kind(models, Set.of(), change);
      String fields = "{\"prompt\": \"p\", \"approve_tools\": [\"%s\"]}";

      for (String name : List.of("change", "Bash(*)", "*")) {
        assertThat(kind.faults((ObjectNode) Json.read(fields.formatted(name)))).isEmpty();
      }
      assertThat(kind.faults((ObjectNode) Json.read(fields.formatted("bassh"))))
          .singleElement()
          .asString()
          .contains("approve_tools", "bassh");
    }
  }

  @Test
  void asksForToolsThatASettingNames() throws Exception {
    assertThat(run(TWO_TURNS, "", Set.of("*"), look)).isInstanceOf(StepOutcome.Ask.class);
    assertThat(look.calls).isEmpty();
  }

  @Test
  void goesOnWithTheModelThatAnswered_whenTheFirstIsDown() throws Exception {
    try (OpenAiStub stub =
        OpenAiStub.answering(request ->
            request.model().equals("gpt-a")
                ? StubReply.refusal(503, "busy")
                : request.body().path("messages").size() == 1
                    ? StubReply.calls(call(0, "c1", "look", "{\\\"x\\\": \\\"a\\\"}"))
                    : StubReply.text("from b"))) {
      try (Models models = openAi(stub)) {
        assertThat(
                step(
                        models,
                        "\"tools\": [\"look\"], \"fallback_models\": [\"gpt-a\", \"gpt-b\"]",
                        look)
                    .run(context))
            .isEqualTo(StepOutcome.done("from b"));
      }
      assertThat(stub.requests())
          .extracting(OpenAiStub.Request::model)
          .containsExactly("gpt-a", "gpt-b", "gpt-b");
    }
  }

  @Test
  void warnsOfNamesThatNoToolHas_andKnowsThoseOfOtherSystems() throws Exception {
    FakeTool read = new FakeTool("read_file", true, call -> ToolResult.of("text"));
    try (Models models = Models.scripted(Script.parse("test", "answers: [{text: a}]"))) {
      AgentKind kind = kind(models, Set.of(), read);
      ObjectNode fields =
          (ObjectNode) Json.read("{\"prompt\": \"p\", \"tools\": [\"Read\", \"Juggle\"]}");

      assertThat(kind.faults(fields)).isEmpty();
      assertThat(kind.warnings(fields)).singleElement().asString().contains("Juggle");
      kind.bind(fields).run(context);
      assertThat(context.logs()).singleElement().asString().startsWith("warn: There is no tool");
    }
  }

  @Test
  void pretendsInADryRun() throws Exception {
    ToolRehearsal pretending = new ToolRehearsal((step, tool, variable, what) -> Optional.empty());
    Toolbox box = new Toolbox(List.of(pretending.of(new BuiltInTools(List.of(look, change)))));
    try (Models models = Models.scripted(Script.parse("test", TWO_TURNS))) {
      new AgentKind(models, new PreTools(List.of()), box, AgentSettings.STANDARD)
          .bind((ObjectNode) Json.read("{\"prompt\": \"p\", \"tools\": [\"look\"]}"))
          .run(context);
    }
    assertThat(look.calls).isEmpty();
    assertThat(result(0)).contains("stand-in");
  }

  private String result(int index) {
    return context.journal().get("tool:0:0:" + index).path("text").asString();
  }

  private static String asked(StepOutcome outcome) {
    assertThat(outcome).isInstanceOf(StepOutcome.Ask.class);
    StepOutcome.Ask ask = (StepOutcome.Ask) outcome;
    assertThat(ask.question().kind()).isEqualTo("tool");
    return ask.question().prompt();
  }

  private StepOutcome run(String script, String fields) throws Exception {
    return run(script, fields, Set.of(), look, change);
  }

  private StepOutcome run(String script, String fields, Set<String> approve, FakeTool... tools)
      throws Exception {
    try (Models models = Models.scripted(Script.parse("test", script))) {
      return kind(models, approve, tools)
          .bind(
              (ObjectNode)
                  Json.read("{\"prompt\": \"p\", \"tools\": [\"look\", \"change\"]" + fields + "}"))
          .run(context);
    }
  }

  private static io.windlass.step.Step step(Models models, String fields, FakeTool... tools) {
    return kind(models, Set.of(), tools)
        .bind((ObjectNode) Json.read("{\"prompt\": \"p\", " + fields + "}"));
  }

  private static AgentKind kind(Models models, Set<String> approve, FakeTool... tools) {
    return new AgentKind(
        models,
        new PreTools(List.of()),
        new Toolbox(List.of(new BuiltInTools(List.of(tools)))),
        new AgentSettings(50, Duration.ofSeconds(20), approve));
  }

  private static String call(int index, String id, String name, String arguments) {
    return """
    {"tool_calls": [{"index": %d, "id": "%s", "type": "function", \
      "function": {"name": "%s", "arguments": "%s"}}]}\
    """
        .formatted(index, id, name, arguments);
  }

  private static Models openAi(OpenAiStub stub) {
    return new Models(
        ModelConfig.read(
            Map.of(
                "OPENAI_BASE_URL",
                stub.baseUrl().toString(),
                "OPENAI_API_KEY",
                "key",
                "WINDLASS_MODEL_RETRIES",
                "0"),
            Map.of()),
        InstantSource.system());
  }
}
