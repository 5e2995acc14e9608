package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.model.OpenAiStub;
import io.windlass.model.Script;
import io.windlass.model.StubReply;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.PreTools;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class AgentStepTest {
  private static final PreTools NOTHING = new PreTools(List.of());
  private final FakeStepContext context =
      new FakeStepContext(State.EMPTY.with("topic", Json.text("tea")));

  @Test
  void streamsTheAnswerAndCountsItsTokens() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("Tea ", "is fine"));
        Models models = openAi(stub)) {
      StepOutcome outcome =
          step(models, NOTHING, "{\"prompt\": \"About {topic} {unknown}\", \"model\": \"gpt-4o\"}")
              .run(context);

      assertThat(outcome).isEqualTo(StepOutcome.done("Tea is fine"));
      assertThat(context.chunks()).containsExactly("Tea ", "is fine");
      assertThat(context.usages()).containsExactly(new Usage("openai/gpt-4o", 11, 7, null));
      assertThat(stub.requests().getFirst().prompt()).isEqualTo("About tea {unknown}");
    }
  }

  @Test
  void neverRepeatsAFinishedCall() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("once"));
        Models models = openAi(stub)) {
      Step step = step(models, NOTHING, "{\"prompt\": \"Hi\"}");
      StepOutcome first = step.run(context);
      StepOutcome replayed = step.run(context);

      assertThat(replayed).isEqualTo(first);
      assertThat(stub.requests()).hasSize(1);
      assertThat(context.chunks()).containsExactly("once");
      assertThat(context.usages()).hasSize(2).containsOnly(context.usages().getFirst());
    }
  }

  @Test
  void repeatsOnlyTheCall_whenItFailedAfterThePreTools() throws Exception {
    AtomicInteger gathered = new AtomicInteger();
    PreTools tools =
        new PreTools(
            List.of(
                new PreTool() {
                  @Override
                  public String name() {
                    return "gather";
                  }

                  @Override
                  public List<String> required() {
                    return List.of();
                  }

                  @Override
                  public String run(PreToolCall call) {
                    return "run " + gathered.incrementAndGet();
                  }
                }));
    try (OpenAiStub stub =
            OpenAiStub.replying(StubReply.refusal(500, "down"), StubReply.text("up"));
        Models models = openAi(stub)) {
      Step step =
          step(
              models,
              tools,
              """
              {"prompt": "{facts}", "pre_tools": [{"type": "gather", "inject_as": "facts"}]}\
              """);

      assertThat(step.run(context))
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failed -> {
                assertThat(failed.retryable()).isTrue();
                assertThat(failed.error()).contains("HTTP 500").contains("down");
              });
      assertThat(step.run(context)).isEqualTo(StepOutcome.done("up"));
      assertThat(gathered).hasValue(1);
      assertThat(stub.requests().getLast().prompt()).isEqualTo("run 1");
    }
  }

  @Test
  void failsForGood_whenTheModelIsNotConfigured() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("never"));
        Models models = openAi(stub)) {
      assertThat(
              step(models, NOTHING, "{\"prompt\": \"Hi\", \"model\": \"anthropic/opus\"}")
                  .run(context))
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failed -> {
                assertThat(failed.retryable()).isFalse();
                assertThat(failed.error()).contains("ANTHROPIC_API_KEY");
              });
      assertThat(stub.requests()).isEmpty();
    }
  }

  @Test
  void triesFallbackModelsInOrderInPlaceOfItsOwn() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(request ->
                request.model().equals("gpt-b")
                    ? StubReply.text("from b")
                    : StubReply.refusal(503, "busy"));
        Models models = openAi(stub)) {
      StepOutcome outcome =
          step(
                  models,
                  NOTHING,
                  "{\"prompt\": \"Hi\", \"model\": \"gpt-own\", \"fallback_models\": [\"gpt-a\","
                      + " \"anthropic/opus\", \"gpt-b\"]}")
              .run(context);

      assertThat(outcome).isEqualTo(StepOutcome.done("from b"));
      assertThat(stub.requests())
          .extracting(OpenAiStub.Request::model)
          .containsExactly("gpt-a", "gpt-b");
      assertThat(context.logs()).hasSize(2).allMatch(line -> line.startsWith("warn: "));
    }
  }

  @Test
  void reachesTheLastFallbackModel_whenTheOthersOfItsServerAreDownForLong() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(request ->
                request.model().equals("m3")
                    ? StubReply.text("from m3")
                    : StubReply.refusal(500, "down"));
        Models models = openAi(stub)) {
      String step = "{\"prompt\": \"Hi\", \"fallback_models\": [\"m1\", \"m2\", \"m3\"]}";
      for (int run = 0; run < 12; run++) {
        assertThat(step(models, NOTHING, step).run(new FakeStepContext(State.EMPTY)))
            .isEqualTo(StepOutcome.done("from m3"));
      }

      // The two are left alone by now, and the run goes on from them as from any failure.
      assertThat(step(models, NOTHING, step).run(context)).isEqualTo(StepOutcome.done("from m3"));
      assertThat(context.logs())
          .hasSize(2)
          .allMatch(line -> line.contains("is not asked for another"));
      assertThat(
              step(models, NOTHING, "{\"prompt\": \"Hi\", \"model\": \"m3\"}")
                  .run(new FakeStepContext(State.EMPTY)))
          .isEqualTo(StepOutcome.done("from m3"));
    }
  }

  @Test
  void stopsTheCall_whenItsThreadIsInterrupted() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(StubReply.text("half").ending(StubReply.Ending.HANG));
        Models models = openAi(stub)) {
      Step step = step(models, NOTHING, "{\"prompt\": \"Hi\"}");
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread running =
          Thread.startVirtualThread(() -> {
            try {
              step.run(context);
            } catch (Throwable e) {
              end.complete(e);
            }
          });
      assertThat(stub.awaitHanging(10)).isTrue();

      running.interrupt();

      assertThat(end.get(3, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      assertThat(stub.awaitAbandoned(3)).isTrue();
      assertThat(context.journal()).isEmpty();
    }
  }

  @Test
  void boundsOneCallByItsTimeout() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("late").slow(60_000, 0));
        Models models = openAi(stub)) {
      assertThat(step(models, NOTHING, "{\"prompt\": \"Hi\", \"timeout_ms\": 200}").run(context))
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failed -> {
                assertThat(failed.retryable()).isTrue();
                assertThat(failed.error()).contains("200 ms");
              });
    }
  }

  @Test
  void warnsOfABreachedExpectationAndStillSucceeds() throws Exception {
    try (Models models = scripted("answers: [{text: plain words}]")) {
      StepOutcome outcome =
          step(
                  models,
                  NOTHING,
                  """
                  {"prompt": "Hi", "output_schema": "json", "output_must_contain": ["plain", "gold"],
                   "output_max_length": 4, "guardrails": [
                    {"type": "regex_match", "value": "^\\\\d+$"},
                    {"type": "regex_match", "value": "(("},
                    {"type": "min_length", "value": 3},
                    {"type": "must_not_contain", "value": "words"}]}
                  """)
              .run(context);

      assertThat(outcome).isEqualTo(StepOutcome.done("plain words"));
      assertThat(context.logs())
          .containsExactly(
              "warn: output_must_contain: the answer does not contain \"gold\"",
              "warn: output_max_length: the answer is longer than 4 characters",
              "warn: guardrail: the answer does not match ^\\d+$",
              "warn: guardrail: the answer was not checked: Unclosed group in ((",
              "warn: guardrail: the answer contains \"words\"");
    }
  }

  @Test
  void acceptsFencedJson() throws Exception {
    try (Models models = scripted("answers: [{text: \"```json\\n{\\\"a\\\": 1}\\n```\"}]")) {
      step(models, NOTHING, "{\"prompt\": \"Hi\", \"guardrails\": [{\"type\": \"json_valid\"}]}")
          .run(context);

      assertThat(context.logs()).isEmpty();
    }
  }

  @Test
  void endsWellButWarnsByStepAndModel_whenAnAnswerIsEmpty() throws Exception {
    Map<StubReply, String> warnings =
        Map.of(
            StubReply.text().tokens(11, 0),
            "",
            StubReply.text(" \n"),
            "; its 7 output tokens hold no text (thinking is not taken for an answer)",
            StubReply.text().finish("length"),
            ": it came to its token limit before any text (thinking counts, too); ask for less, or name another model",
            StubReply.text().finish("content_filter"),
            ": its provider withheld all of it");
    for (Map.Entry<StubReply, String> warning : warnings.entrySet()) {
      FakeStepContext fresh = new FakeStepContext();
      try (OpenAiStub stub = OpenAiStub.replying(warning.getKey());
          Models models = openAi(stub)) {
        StepOutcome outcome =
            step(models, NOTHING, "{\"prompt\": \"Hi\", \"model\": \"gpt-4o\"}").run(fresh);

        assertThat(outcome).isInstanceOf(StepOutcome.Done.class);
        assertThat(fresh.logs())
            .containsExactly(
                "warn: Model openai/gpt-4o gave step \"test-step\" an empty answer"
                    + warning.getValue());
      }
    }
  }

  @Test
  void failsOnAPromptThatComesOutEmpty() throws Exception {
    FakeStepContext empty = new FakeStepContext(State.EMPTY.with("x", Json.text(" ")));
    try (Models models = scripted("answers: [{text: a}]")) {
      assertThat(step(models, NOTHING, "{\"prompt\": \"{x}\"}").run(empty))
          .isInstanceOf(StepOutcome.Failed.class);
    }
  }

  @Test
  void answersOffline_whenNothingIsConfigured() throws Exception {
    try (Models models = new Models(ModelConfig.NONE, InstantSource.system())) {
      StepOutcome outcome =
          step(models, NOTHING, "{\"prompt\": \"Say hello.\", \"model\": \"sonnet\"}").run(context);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              StepOutcome.Done.class,
              done ->
                  assertThat(done.output().stringValue())
                      .contains("No language model is configured")
                      .contains("Say hello."));
    }
  }

  @Test
  void namesUnusableFields() {
    try (Models models = new Models(ModelConfig.NONE, InstantSource.system())) {
      AgentKind kind = new AgentKind(models, NOTHING, Toolbox.EMPTY, AgentSettings.STANDARD);
      ObjectNode fields =
          (ObjectNode)
              Json.read(
                  "{\"id\": \"a\", \"timeout_ms\": -1, \"pre_tools\": {}, \"guardrails\":"
                      + " [{\"type\": \"odd\"}]}");

      assertThat(kind.faults(fields))
          .anyMatch(fault -> fault.startsWith("prompt:"))
          .anyMatch(fault -> fault.startsWith("timeout_ms:"))
          .anyMatch(fault -> fault.startsWith("pre_tools:"))
          .anyMatch(fault -> fault.startsWith("guardrail:"));
      assertThatThrownBy(() -> kind.bind(fields))
          .isInstanceOfSatisfying(
              WindlassException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_DEFINITION));
    }
  }

  private static Step step(Models models, PreTools tools, String fields) {
    return new AgentKind(models, tools, Toolbox.EMPTY, AgentSettings.STANDARD)
        .bind((ObjectNode) Json.read(fields));
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

  private static Models scripted(String script) {
    return Models.scripted(Script.parse("test", script));
  }
}
