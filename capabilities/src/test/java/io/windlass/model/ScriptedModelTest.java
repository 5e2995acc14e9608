package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.windlass.kernel.WindlassException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptedModelTest {
  private static final String SCRIPT =
      """
      answers:
        - step: review
          model: opus
          text: by opus
        - step: review
          text: fine
          input_tokens: 5
          output_tokens: 2
        - match: "(?i)capital of \\\\w+"
          chunk_size: 2
          text: Paris
        - contains: twice
          times: 1
          failure: {status: 429, message: slow down}
        - contains: twice
          chunks: [se, cond]
          finish: length
        - contains: broken
          text: some
          failure: {message: gone}
        - contains: slow
          delay_ms: 60000
          text: late
      """;

  @Test
  void answersByStepModelAndPattern() throws Exception {
    Models models = Models.scripted(Script.parse("test", SCRIPT));

    assertThat(ask(models, "opus", "review", "x", new ArrayList<>()).text()).isEqualTo("by opus");
    ModelAnswer answer = ask(models, "sonnet", "review", "x", new ArrayList<>());
    assertThat(answer.text()).isEqualTo("fine");
    assertThat(answer.usage().inputTokens()).isEqualTo(5);
    assertThat(answer.usage().outputTokens()).isEqualTo(2);
    assertThat(answer.usage().costUsd()).isEqualTo(BigDecimal.ZERO);
    List<String> pieces = new ArrayList<>();
    assertThat(ask(models, "", "other", "The Capital of France?", pieces).text())
        .isEqualTo("Paris");
    assertThat(pieces).containsExactly("Pa", "ri", "s");
  }

  @Test
  void asksForToolsTurnByTurn() throws Exception {
    Models models =
        Models.scripted(
            Script.parse(
                "test",
                """
                answers:
                  - step: agent
                    turn: 1
                    text: I look.
                    calls:
                      - {name: read_file, arguments: {path: a.txt}}
                      - {name: read_file, arguments: "{broken", id: mine}
                      - {name: list_files}
                  - {step: agent, turn: 2, contains: not found, text: It is gone.}
                """));
    List<Message> conversation = new ArrayList<>(List.of(Message.user("Go")));

    ModelAnswer first = ask(models, conversation);
    conversation.add(new Message.Assistant(first.text(), first.calls()));
    conversation.add(new Message.ToolAnswer("mine", "read_file", "a.txt not found", true));

    assertThat(first.text()).isEqualTo("I look.");
    assertThat(first.finish()).isEqualTo(ModelAnswer.Finish.TOOL);
    assertThat(first.calls())
        .containsExactly(
            new ToolUse("call_1_0", "read_file", "{\"path\":\"a.txt\"}"),
            new ToolUse("mine", "read_file", "{broken"),
            new ToolUse("call_1_2", "list_files", "{}"));
    assertThat(ask(models, conversation).text()).isEqualTo("It is gone.");
    assertThat(ask(models, conversation).calls()).isEmpty();
  }

  @Test
  void failsOnAnUnknownPrompt() {
    Models models = Models.scripted(Script.parse("test", SCRIPT));

    ModelFailure failure =
        catchThrowableOfType(
            ModelFailure.class, () -> ask(models, "m", "lost", "Unheard of", new ArrayList<>()));
    assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.UNSCRIPTED);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure).hasMessageContaining("\"lost\"").hasMessageContaining("Unheard of");
  }

  @Test
  void namesAnUnknownFieldAndTheKnownOnes() {
    assertThatThrownBy(() -> Script.parse("test", "answrs: []"))
        .hasMessage(
            "Model script test: answrs: unknown field; known are answers, otherwise, strict");
    assertThatThrownBy(() -> Script.parse("test", "answers: [{txt: a}]"))
        .hasMessageContaining("answers.0.txt: unknown field; known are ")
        .hasMessageContaining("chunk_size, ");
  }

  @Test
  void answersUnknownPrompts_whenNotStrict() throws Exception {
    Models models =
        Models.scripted(Script.parse("test", "{\"strict\": false, \"otherwise\": \"?\"}"));

    assertThat(ask(models, "m", "lost", "Unheard of", new ArrayList<>()).text()).isEqualTo("?");
  }

  @Test
  void failsAsScriptedAndThenGoesOn() throws Exception {
    Models models = Models.scripted(Script.parse("test", SCRIPT));

    ModelFailure failure =
        catchThrowableOfType(
            ModelFailure.class, () -> ask(models, "m", "s", "twice", new ArrayList<>()));
    assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.RATE_LIMITED);
    assertThat(failure.status()).isEqualTo(429);
    assertThat(failure).hasMessageContaining("slow down");
    ModelAnswer second = ask(models, "m", "s", "twice", new ArrayList<>());
    assertThat(second.text()).isEqualTo("second");
    assertThat(second.finish()).isEqualTo(ModelAnswer.Finish.LENGTH);
  }

  @Test
  void breaksOffAfterItsPieces() {
    Models models = Models.scripted(Script.parse("test", SCRIPT));
    List<String> pieces = new ArrayList<>();

    assertThatThrownBy(() -> ask(models, "m", "s", "broken", pieces))
        .hasMessageContaining("gone")
        .isInstanceOfSatisfying(
            ModelFailure.class, failure -> assertThat(failure.retryable()).isTrue());
    assertThat(pieces).containsExactly("some");
  }

  @Test
  void honoursTheTimeout() {
    Models models = Models.scripted(Script.parse("test", SCRIPT));

    assertThatThrownBy(() ->
            models
                .choose("m")
                .model()
                .ask(ModelRequest.of("s", "slow", Duration.ofMillis(50)), _ -> {}))
        .isInstanceOfSatisfying(
            ModelFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.TIMEOUT));
  }

  @Test
  void answersForEveryProvider_whenAScriptIsSet(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("s.yaml"), SCRIPT);
    ModelConfig config =
        ModelConfig.read(
            Map.of("WINDLASS_MODEL_SCRIPT", file.toString(), "OPENAI_API_KEY", "k"), Map.of());
    try (Models models = new Models(config, InstantSource.system())) {
      assertThat(models.choose("openai/gpt-4o").provider()).isEqualTo("scripted");
      assertThat(models.choose("").provider()).isEqualTo("scripted");
      assertThat(models.choose("offline").provider()).isEqualTo("offline");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "answers: [ | script.yaml",
        "answers: [{step: x}] | answers.0",
        "answers: [{txt: x}] | txt",
        "answers: [{text: x, chunk_size: 0}] | chunk_size",
        "answers: [{text: x, finish: never}] | never",
        "answers: [{match: '(', text: x}] | match",
        "answers: [{calls: [{arguments: {}}]}] | answers.0",
        "answers: [{tool: bash, calls: [{name: x}]}] | calls",
        "answers: [{text: x, turn: 0}] | turn",
        "answers: [] | answers",
        "[] | script.yaml",
      })
  void namesTheFaultOfABrokenScript(String text, String named) {
    assertThatThrownBy(() -> Script.parse("script.yaml", text))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining(named);
  }

  @Test
  void namesAScriptThatIsNotThere(@TempDir Path folder) {
    assertThatThrownBy(() -> Script.load(folder.resolve("none.yaml")))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("none.yaml");
  }

  private static ModelAnswer ask(Models models, List<Message> conversation)
      throws InterruptedException {
    ModelRequest request = new ModelRequest("agent", null, conversation, null, false, List.of());
    return models.choose("").model().ask(request, _ -> {});
  }

  private static ModelAnswer ask(
      Models models, String model, String step, String prompt, List<String> pieces)
      throws InterruptedException {
    return models.choose(model).model().ask(ModelRequest.of(step, prompt, null), pieces::add);
  }
}
