package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.windlass.kernel.Json;
import io.windlass.step.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Providers in their own formats, over HTTP. */
final class ProvidersTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["path"], "properties": {
        "path": {"type": "string"}, "at": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}}\
      """;
  private static final ModelRequest REQUEST =
      new ModelRequest(
          "s",
          "Be brief",
          List.of(
              Message.user("Look"),
              new Message.Assistant(
                  "I look.",
                  List.of(
                      new ToolUse("c1", "read", "{\"path\":\"a\"}"),
                      new ToolUse("c2", "read", "{broken"))),
              new Message.ToolAnswer("c1", "read", "text of a", false),
              new Message.ToolAnswer("c2", "read", "no JSON", true)),
          null,
          false,
          List.of(new ToolSpec("read", "Reads", (ObjectNode) Json.read(SCHEMA))));

  private static final String ANTHROPIC =
      event(
              "message_start",
              "{'type':'message_start','message':{'id':'msg_1','type':'message','role':'assistant','model':'claude-x','content':[],'stop_reason':null,'usage':{'input_tokens':100,'cache_creation_input_tokens':0,'cache_read_input_tokens':900,'output_tokens':1}}}")
          + event(
              "content_block_start",
              "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}")
          + event("ping", "{'type':'ping'}")
          + event(
              "content_block_delta",
              "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'Hel'}}")
          + event(
              "content_block_delta",
              "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'lo'}}")
          + event("content_block_stop", "{'type':'content_block_stop','index':0}")
          + event(
              "content_block_start",
              "{'type':'content_block_start','index':1,'content_block':{'type':'tool_use','id':'toolu_1','name':'read','input':{}}}")
          + event(
              "content_block_delta",
              "{'type':'content_block_delta','index':1,'delta':{'type':'input_json_delta','partial_json':'{\\\"path\\\":'}}")
          + event(
              "content_block_delta",
              "{'type':'content_block_delta','index':1,'delta':{'type':'input_json_delta','partial_json':' \\\"b'}}")
          + event("content_block_stop", "{'type':'content_block_stop','index':1}");
  private static final String ANTHROPIC_END =
      event(
              "message_delta",
              "{'type':'message_delta','delta':{'stop_reason':'tool_use','stop_sequence':null},'usage':{'output_tokens':20}}")
          + event("message_stop", "{'type':'message_stop'}");
  private static final String GEMINI =
      data(
              "{'candidates':[{'content':{'role':'model','parts':[{'text':'thinking','thought':true},{'text':'Hel'}]},'index':0}],'usageMetadata':{'promptTokenCount':1000},'modelVersion':'gemini-2.5-flash'}")
          + data(
              "{'candidates':[{'content':{'role':'model','parts':[{'text':'lo'},{'functionCall':{'name':'read','args':{'path':'b'}}},{'functionCall':{'name':'read'}}]},'index':0}]}");
  private static final String GEMINI_END =
      data(
          "{'candidates':[{'content':{'parts':[{'text':''}],'role':'model'},'finishReason':'STOP','index':0}],'usageMetadata':{'promptTokenCount':1000,'cachedContentTokenCount':900,'candidatesTokenCount':15,'thoughtsTokenCount':5,'totalTokenCount':1020}}");
  private static final String OLLAMA =
      line(
              "{'model':'qwen3','created_at':'2026-03-29T14:00:00Z','message':{'role':'assistant','content':'Hel'},'done':false}")
          + line(
              "{'model':'qwen3','created_at':'2026-03-29T14:00:00Z','message':{'role':'assistant','content':'lo'},'done':false}")
          + line(
              "{'model':'qwen3','created_at':'2026-03-29T14:00:00Z','message':{'role':'assistant','content':'','tool_calls':[{'function':{'name':'read','arguments':{'path':'b'}}},{'function':{'name':'read','arguments':{}}}]},'done':false}");
  private static final String OLLAMA_END =
      line(
          "{'model':'qwen3','created_at':'2026-03-29T14:00:00Z','message':{'role':'assistant','content':''},'done_reason':'stop','done':true,'total_duration':5,'prompt_eval_count':1000,'eval_count':20}");

  @Test
  void asksAnthropicInItsOwnFormat(@TempDir Path folder) throws Exception {
    try (OpenAiStub stub = stub("text/event-stream", ANTHROPIC + ANTHROPIC_END);
        Models models = models(stub, folder)) {
      List<String> pieces = new ArrayList<>();
      ModelAnswer answer = models.choose("sonnet").model().ask(REQUEST, pieces::add);

      assertThat(pieces).containsExactly("Hel", "lo");
      assertThat(answer.text()).isEqualTo("Hello");
      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.TOOL);
      assertThat(answer.calls()).containsExactly(new ToolUse("toolu_1", "read", "{\"path\": \"b"));
      // 100 tokens at 10, 900 at 1, 20 at 100 dollars a million.
      assertThat(answer.usage().inputTokens()).isEqualTo(1000);
      assertThat(answer.usage().costUsd()).isEqualByComparingTo("0.0039");
      OpenAiStub.Request request = stub.requests().getFirst();
      JsonNode body = request.body();
      assertThat(request.path()).isEqualTo("/v1/messages");
      assertThat(request.headers())
          .containsEntry("x-api-key", "k")
          .containsKey("anthropic-version");
      assertThat(body.path("model").asString()).isEqualTo("claude-sonnet-4-5");
      assertThat(body.path("stream").asBoolean()).isTrue();
      assertThat(body.path("max_tokens").asInt()).isGreaterThan(8000);
      assertThat(body.at("/system/0/text").asString()).isEqualTo("Be brief");
      assertThat(body.at("/messages/1/content/1/input/path").asString()).isEqualTo("a");
      assertThat(body.at("/messages/1/content/2/input")).isEqualTo(Json.object());
      assertThat(body.at("/messages/2/content/1/tool_use_id").asString()).isEqualTo("c2");
      assertThat(body.at("/messages/2/content/1/is_error").asBoolean()).isTrue();
      assertThat(body.at("/tools/0/input_schema")).isEqualTo(Json.read(SCHEMA));
    }
  }

  @Test
  void asksGeminiInItsOwnFormat(@TempDir Path folder) throws Exception {
    try (OpenAiStub stub = stub("text/event-stream", GEMINI + GEMINI_END);
        Models models = models(stub, folder)) {
      List<String> pieces = new ArrayList<>();
      ModelAnswer answer = models.choose("gemini-2.5-flash").model().ask(REQUEST, pieces::add);

      assertThat(pieces).containsExactly("Hel", "lo");
      assertThat(answer.text()).isEqualTo("Hello");
      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.TOOL);
      assertThat(answer.calls())
          .containsExactly(
              new ToolUse("call_4_0", "read", "{\"path\":\"b\"}"),
              new ToolUse("call_4_1", "read", "{}"));
      assertThat(answer.usage().costUsd()).isEqualByComparingTo("0.0039");
      OpenAiStub.Request request = stub.requests().getFirst();
      JsonNode body = request.body();
      assertThat(request.path())
          .isEqualTo("/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
      assertThat(request.headers()).containsEntry("x-goog-api-key", "k");
      assertThat(body.at("/systemInstruction/parts/0/text").asString()).isEqualTo("Be brief");
      assertThat(body.at("/contents/1/role").asString()).isEqualTo("model");
      assertThat(body.at("/contents/1/parts/1/functionCall/args/path").asString()).isEqualTo("a");
      assertThat(body.at("/contents/2/parts/1/functionResponse/response/error").asString())
          .isEqualTo("no JSON");
      assertThat(body.at("/tools/0/functionDeclarations/0/parametersJsonSchema"))
          .isEqualTo(Json.read(SCHEMA));
    }
  }

  @Test
  void asksOllamaInItsOwnFormat(@TempDir Path folder) throws Exception {
    try (OpenAiStub stub = stub("application/x-ndjson", OLLAMA + OLLAMA_END);
        Models models = models(stub, folder)) {
      List<String> pieces = new ArrayList<>();
      ModelAnswer answer = models.choose("ollama/qwen3").model().ask(REQUEST, pieces::add);

      assertThat(pieces).containsExactly("Hel", "lo");
      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.TOOL);
      assertThat(answer.calls())
          .containsExactly(
              new ToolUse("call_4_0", "read", "{\"path\":\"b\"}"),
              new ToolUse("call_4_1", "read", "{}"));
      assertThat(answer.usage()).isEqualTo(new Usage("ollama/qwen3", 1000, 20, null));
      OpenAiStub.Request request = stub.requests().getFirst();
      JsonNode body = request.body();
      assertThat(request.path()).isEqualTo("/api/chat");
      assertThat(request.headers()).doesNotContainKey("authorization");
      assertThat(body.at("/messages/0/role").asString()).isEqualTo("system");
      assertThat(body.at("/messages/2/tool_calls/0/function/arguments/path").asString())
          .isEqualTo("a");
      assertThat(body.at("/messages/3/tool_name").asString()).isEqualTo("read");
      assertThat(body.at("/tools/0/function/parameters")).isEqualTo(Json.read(SCHEMA));
    }
  }

  @ParameterizedTest
  @CsvSource({"anthropic/sonnet", "gemini/gemini-2.5-flash", "ollama/qwen3"})
  void failsRetryably_whenAnAnswerBreaksOff(String model, @TempDir Path folder) throws Exception {
    String half =
        switch (model.charAt(0)) {
          case 'a' -> ANTHROPIC;
          case 'g' -> GEMINI;
          default -> OLLAMA;
        };
    String type = model.startsWith("o") ? "application/x-ndjson" : "text/event-stream";
    try (OpenAiStub stub = stub(type, half);
        Models models = models(stub, folder)) {
      ModelFailure failure = failure(models, model);

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.CONNECTION);
      assertThat(failure.retryable()).isTrue();
      assertThat(failure).hasMessageContaining("before the answer was complete");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "anthropic/sonnet | text/event-stream | event: error~data: {'type':'error','error':{'type':'overloaded_error','message':'Overloaded'}}~~",
        "gemini/g | text/event-stream | data: {'error':{'code':503,'message':'Overloaded','status':'UNAVAILABLE'}}~~",
        "ollama/q | application/x-ndjson | {'error':'Overloaded'}~",
      })
  void tellsOfAnErrorWithinAStream(String model, String type, String body, @TempDir Path folder)
      throws Exception {
    try (OpenAiStub stub = stub(type, body.replace('~', '\n').replace('\'', '"'));
        Models models = models(stub, folder)) {
      ModelFailure failure = failure(models, model);

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.SERVER);
      assertThat(failure).hasMessageContaining("Overloaded");
    }
  }

  @Test
  void tellsThatAnthropicsModelRefused(@TempDir Path folder) throws Exception {
    String refused = ANTHROPIC_END.replace("\"tool_use\"", "\"refusal\"");
    String begun = ANTHROPIC.substring(0, ANTHROPIC.indexOf("event: content_block_start"));
    try (OpenAiStub stub = stub("text/event-stream", begun + refused);
        Models models = models(stub, folder)) {
      ModelAnswer answer = models.choose("anthropic/sonnet").model().ask(REQUEST, _ -> {});

      assertThat(answer.text()).isEmpty();
      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.FILTERED);
    }
  }

  @Test
  void failsRetryably_whenGeminiCannotWriteACall(@TempDir Path folder) throws Exception {
    String malformed = GEMINI_END.replace("STOP", "MALFORMED_FUNCTION_CALL");
    try (OpenAiStub stub = stub("text/event-stream", malformed);
        Models models = models(stub, folder)) {
      ModelFailure failure = failure(models, "gemini/g");

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.MALFORMED);
      assertThat(failure).hasMessageContaining("MALFORMED_FUNCTION_CALL");
      assertThat(failure.retryable()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"anthropic/sonnet", "gemini/g", "ollama/q"})
  void failsRetryably_whenWhatComesIsNoJson(String model, @TempDir Path folder) throws Exception {
    boolean lines = model.startsWith("o");
    try (OpenAiStub stub =
            stub(
                lines ? "application/x-ndjson" : "text/event-stream",
                lines ? "{oops\n" : "event: message_start\ndata: {oops\n\n");
        Models models = models(stub, folder)) {
      assertThat(failure(models, model).kind()).isEqualTo(ModelFailure.Kind.MALFORMED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic/sonnet, ANTHROPIC_API_KEY",
    "gemini/gemini-2.5-pro, GEMINI_API_KEY",
  })
  void namesTheVariableOfARefusedKey(String model, String variable, @TempDir Path folder)
      throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.refusal(401, "bad key"));
        Models models = models(stub, folder)) {
      assertThat(failure(models, model)).hasMessageContaining(variable);
    }
  }

  private static ModelFailure failure(Models models, String model) {
    return catchThrowableOfType(
        ModelFailure.class, () -> models.choose(model).model().ask(REQUEST, _ -> {}));
  }

  private static OpenAiStub stub(String type, String body) {
    return OpenAiStub.replying(StubReply.body(200, type, body));
  }

  private static Models models(OpenAiStub stub, Path folder) throws Exception {
    String root = stub.baseUrl().toString().replace("/v1", "");
    Path prices =
        Files.writeString(
            folder.resolve("prices.yaml"),
            """
            providers:
              anthropic: {models: {"claude*": {input: 10, cached_input: 1, output: 100}}}
              gemini: {models: {"gemini*": {input: 10, cached_input: 1, output: 100}}}
            """);
    return new Models(
        ModelConfig.read(
            Map.of(
                "ANTHROPIC_BASE_URL",
                root,
                "ANTHROPIC_API_KEY",
                "k",
                "GEMINI_BASE_URL",
                root + "/v1",
                "GEMINI_API_KEY",
                "k",
                "OLLAMA_HOST",
                root,
                "WINDLASS_MODEL_RETRIES",
                "0",
                "WINDLASS_MODEL_PRICES",
                prices.toString()),
            Map.of()),
        OpenAiCase.CLOCK);
  }

  private static String event(String name, String data) {
    return "event: " + name + "\n" + data(data);
  }

  private static String data(String data) {
    return "data: " + line(data) + "\n";
  }

  private static String line(String data) {
    return data.replace('\'', '"') + "\n";
  }
}
