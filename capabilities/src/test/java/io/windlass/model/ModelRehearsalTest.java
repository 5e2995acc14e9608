package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.WindlassException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelRehearsalTest {
  private static final ModelConfig OPENAI =
      ModelConfig.read(Map.of("OPENAI_API_KEY", "sk-test"), Map.of());
  private final List<ModelRehearsal.Call> calls = new ArrayList<>();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Write a poem | false | [dry run: stand-in for the answer of openai/gpt-4o]",
        "Write facts | true | {\"dry_run\":\"dry run: stand-in for the answer of openai/gpt-4o\"}",
        "Return a JSON array of names | false | [{\"dry_run\":\"dry run: stand-in for the answer of openai/gpt-4o\"}]",
        "Data {a} [1 Answer as JSON: {\"n\": 3, \"ok\": true, \"tags\": [\"x\"]} only | false | {\"n\":3,\"ok\":true,\"tags\":[\"dry run: stand-in for the answer of openai/gpt-4o\"]}",
        "Answer in JSON {\"a\": | false | {\"dry_run\":\"dry run: stand-in for the answer of openai/gpt-4o\"}",
        "What is JSON? | false | [dry run: stand-in for the answer of openai/gpt-4o]",
      })
  void answersInThePlaceOfAModel_inTheShapeThatIsWanted(String prompt, boolean json, String told)
      throws Exception {
    assertThat(ask(null, ModelRequest.of("s", prompt, null).withJson(json)).text()).isEqualTo(told);
    assertThat(calls).singleElement().extracting(ModelRehearsal.Call::scripted).isEqualTo(false);
  }

  @Test
  void estimatesAndPricesTokens() throws Exception {
    ModelAnswer answer =
        ask("{answers: [{text: abcdefgh}]}", ModelRequest.of("s", "äbcdefgh", null));

    assertThat(answer.usage().inputTokens()).isEqualTo(3);
    assertThat(answer.usage().outputTokens()).isEqualTo(2);
    assertThat(answer.usage().costUsd()).isEqualByComparingTo("0.0000275");
    assertThat(answer.usage().model()).isEqualTo("openai/gpt-4o");
  }

  @Test
  void usesAScriptUp_andFailsWhereItSaysStrictItself() throws Exception {
    Script script =
        Script.parse("test", "{strict: true, answers: [{times: 1, text: once, delay_ms: 60000}]}");
    try (Models models = new Models(OPENAI, InstantSource.system())) {
      LanguageModel model = models.rehearse(script, calls::add).models().choose("o3").model();
      ModelRequest request = ModelRequest.of("s", "Hi", null);

      assertThat(model.ask(request, _ -> {}).text()).isEqualTo("once");
      assertThatThrownBy(() -> model.ask(request, _ -> {}))
          .isInstanceOf(ModelFailure.class)
          .hasMessageContaining("no answer left");
    }
  }

  @Test
  void doesNotAnswerForAModelThatIsNotConfigured() {
    try (Models models = new Models(OPENAI, InstantSource.system())) {
      ModelRehearsal rehearsal = models.rehearse(null, calls::add);

      assertThatThrownBy(() -> rehearsal.models().choose("anthropic/opus"))
          .isInstanceOf(WindlassException.class)
          .hasMessageContaining("ANTHROPIC_API_KEY");
    }
  }

  @Test
  void answersForTools_neverForModelsWithTheSameEntry() throws Exception {
    Script script =
        Script.parse(
            "test",
            "{strict: false, otherwise: '?', answers: [{tool: bash, variable: v, match: '^ls', text: files}]}");
    try (Models models = new Models(OPENAI, InstantSource.system())) {
      ModelRehearsal rehearsal = models.rehearse(script, calls::add);

      assertThat(rehearsal.tool("s", "bash", "v", "ls -l")).hasValue("files");
      assertThat(rehearsal.tool("s", "bash", "v", "rm -r")).isEmpty();
      assertThat(rehearsal.tool("s", "bash", "w", "ls")).isEmpty();
      assertThat(rehearsal.tool("s", "http_fetch", "v", "ls")).isEmpty();
      assertThat(
              rehearsal
                  .models()
                  .choose("o3")
                  .model()
                  .ask(ModelRequest.of("s", "ls", null), _ -> {})
                  .text())
          .isEqualTo("?");
    }
  }

  private ModelAnswer ask(@Nullable String script, ModelRequest request) throws Exception {
    try (Models models = new Models(OPENAI, InstantSource.system())) {
      Script given = script == null ? null : Script.parse("test", script);
      List<String> pieces = new ArrayList<>();
      ModelAnswer answer =
          models
              .rehearse(given, calls::add)
              .models()
              .choose("gpt-4o")
              .model()
              .ask(request, pieces::add);
      assertThat(String.join("", pieces)).isEqualTo(answer.text());
      return answer;
    }
  }
}
