package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.model.OpenAiStub;
import io.windlass.model.Script;
import io.windlass.model.StubReply;
import io.windlass.step.FakeStepContext;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.tool.PreTools;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class SchemaKindTest {
  private static final String PERSON =
      "{\"type\":\"object\",\"required\":[\"name\"],\"properties\":{\"age\":{\"type\":\"integer\"}}}";
  private final FakeStepContext context = new FakeStepContext();

  @Test
  void leavesAnAnswerThatFitsAlone() throws Exception {
    assertThat(run("```json\n{\"name\": \"Ann\"}\n```", PERSON, "never"))
        .isEqualTo(StepOutcome.done("```json\n{\"name\": \"Ann\"}\n```"));
    assertThat(context.effects()).isEmpty();
  }

  @Test
  void asksTheModelOnceToMendTheAnswer() throws Exception {
    assertThat(run("{\"age\": \"old\"}", PERSON, "{\"name\": \"Ann\", \"age\": 9}"))
        .isEqualTo(StepOutcome.done("{\"name\": \"Ann\", \"age\": 9}"));
    assertThat(context.effects()).hasSize(1);
    assertThat(context.logs())
        .hasSize(1)
        .first()
        .asString()
        .contains("name")
        .contains("age")
        .contains("required property 'name' not found")
        .doesNotContain(": :");
  }

  @Test
  void goesOnWithTheConversation_toMendAnAnswer() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(
                StubReply.text("Ann it is"), StubReply.text("{\"name\": \"Ann\", \"age\": 9}"));
        Models models =
            new Models(
                ModelConfig.read(
                    Map.of("OPENAI_BASE_URL", stub.baseUrl() + "", "OPENAI_API_KEY", "k"),
                    Map.of()),
                InstantSource.system())) {
      StepKind agent =
          new AgentKind(models, new PreTools(List.of()), Toolbox.EMPTY, AgentSettings.STANDARD);
      ObjectNode fields = fields("Ann is nine. Who is she?", PERSON).put("model", "gpt-4o");

      assertThat(new SchemaKind(agent, models).bind(fields).run(context))
          .isEqualTo(StepOutcome.done("{\"name\": \"Ann\", \"age\": 9}"));
      var messages = stub.requests().getLast().body().path("messages");
      assertThat(messages.values().stream().map(one -> one.path("role").asString()))
          .containsExactly("user", "assistant", "user");
      assertThat(messages.path(0).path("content").asString()).isEqualTo("Ann is nine. Who is she?");
      assertThat(messages.path(1).path("content").asString()).isEqualTo("Ann it is");
      assertThat(messages.path(2).path("content").asString())
          .contains("it is no valid JSON", "\"required\"");
      assertThat(context.logs())
          .singleElement()
          .asString()
          .startsWith("warn: output_schema: the answer does not fit (it is no valid JSON)");
    }
  }

  @Test
  void warnsAndKeepsTheFirstAnswer_whenMendingFails() throws Exception {
    assertThat(run("plain words", "\"json\"", "still words"))
        .isEqualTo(StepOutcome.done("plain words"));
    assertThat(context.logs())
        .containsExactly(
            "warn: output_schema: the answer does not fit (it is no valid JSON); the model is asked to mend it",
            "warn: output_schema: the mended answer does not fit either; the first one stands");
  }

  @Test
  void warnsThatTheModelAnsweredNothing_whenItIsAskedToMend() throws Exception {
    assertThat(run("plain words", "\"json\"", " ")).isEqualTo(StepOutcome.done("plain words"));
    assertThat(context.logs().getLast())
        .isEqualTo(
            "warn: output_schema: the answer could not be mended: Model scripted answered nothing");
  }

  @Test
  void namesTheAnswerAsAWhole_whereItIsOfAnotherType() throws Exception {
    var _ = run("\"words\"", PERSON, "[]");
    assertThat(context.logs().getFirst()).contains("(the answer: string found, object expected)");
    assertThat(context.logs().getLast()).contains("(the answer: array found, object expected)");
  }

  @Test
  void keepsHowLongTheCallThatMendsTook() throws Exception {
    var _ = run("{\"age\": \"old\"}", PERSON, "{\"name\": \"Ann\", \"age\": 9}");
    var kept = context.journal().values().iterator().next();
    assertThat(kept.path("millis").isIntegralNumber()).as(kept.toString()).isTrue();
    assertThat(kept.at("/answer/text").asString()).contains("Ann");
  }

  @Test
  void readsAMendedAnswerFromBeforeItsTimeWasKept() throws Exception {
    var _ = run("{\"age\": \"old\"}", PERSON, "{\"name\": \"Ann\", \"age\": 9}");
    context.journal().replaceAll((_, kept) -> kept.path("answer"));
    assertThat(run("{\"age\": \"old\"}", PERSON, "never"))
        .isEqualTo(StepOutcome.done("{\"name\": \"Ann\", \"age\": 9}"));
  }

  @Test
  void keepsTheFirstAnswer_whenTheCallThatMendsWasTakenAsDone() throws Exception {
    context.journal().put("schema-repair", Json.text(""));
    assertThat(run("plain words", "\"json\"", "never")).isEqualTo(StepOutcome.done("plain words"));
  }

  @Test
  void saysThatThereIsNoModelToMendIt() throws Exception {
    try (Models models = new Models(ModelConfig.read(Map.of(), Map.of()), InstantSource.system())) {
      var _ = new SchemaKind(new Echo(), models).bind(fields("words", PERSON)).run(context);
    }
    assertThat(context.logs().getLast()).contains("no language model is configured");
  }

  @Test
  void demandsNothingOfTextAndMarkdown() throws Exception {
    assertThat(run("words", "\"markdown\"", "never")).isEqualTo(StepOutcome.done("words"));
    assertThat(context.logs()).isEmpty();
  }

  @Test
  void tellsWhatIsNoSchema() {
    try (Models models = scripted("x")) {
      SchemaKind kind = new SchemaKind(new Echo(), models);
      assertThat(kind.faults(fields("p", "{\"type\": \"objekt\"}")))
          .isNotEmpty()
          .allMatch(fault -> fault.startsWith("output_schema: is no JSON Schema: "));
      assertThat(kind.faults(fields("p", PERSON))).isEmpty();
      assertThat(kind.faults(fields("p", "{\"$ref\": \"http://127.0.0.1:9/remote.json\"}")))
          .singleElement()
          .asString()
          .startsWith("output_schema: is no usable JSON Schema");
    }
  }

  private StepOutcome run(String answer, String schema, String mended) throws Exception {
    try (Models models = scripted(mended)) {
      return new SchemaKind(new Echo(), models).bind(fields(answer, schema)).run(context);
    }
  }

  private static ObjectNode fields(String answer, String schema) {
    ObjectNode fields = Json.object();
    fields.put("prompt", answer);
    fields.set("output_schema", Json.read(schema));
    return fields;
  }

  private static Models scripted(String answer) {
    ObjectNode script = Json.object();
    script.set("answers", Json.tree(List.of(Json.object().put("text", answer))));
    return Models.scripted(Script.parse("test", script.toString()));
  }
}
