package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class OpenAiToolsTest extends OpenAiCase {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["path", "edits"], "properties": {
        "path": {"type": "string", "minLength": 1, "description": "Where"},
        "mode": {"enum": ["fast", "slow", 3, null]},
        "limit": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
        "edits": {"type": "array", "minItems": 1, "items": {
          "type": "object", "additionalProperties": false, "required": ["old"],
          "properties": {"old": {"type": ["string", "null"]}, "at": {"$ref": "#/$defs/place"}}}},
        "anything": {}},
       "$defs": {"place": {"type": "object", "properties": {"line": {"type": "integer"}}}}}\
      """;
  private static final ToolSpec TOOL = tool(SCHEMA);

  @Test
  void describesToolsWithTheirWholeSchemas() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("ok"));
        Models models = models(stub)) {
      ask(models, request(Message.user("Hi")), _ -> {});

      JsonNode tool = stub.requests().getFirst().body().path("tools").path(0);
      assertThat(tool.path("type").asString()).isEqualTo("function");
      assertThat(tool.path("function").path("name").asString()).isEqualTo("edit_file");
      assertThat(tool.path("function").path("description").asString()).isEqualTo("Edits");
      assertThat(tool.path("function").path("parameters")).isEqualTo(Json.read(SCHEMA));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\": \"object\"}",
        "{\"type\": \"object\", \"properties\": {\"x\": true}}",
        "{\"type\": \"object\", \"properties\": null, \"required\": null}"
      })
  void bearsSchemasThatSayLittle(String schema) throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("ok"));
        Models models = models(stub)) {
      ask(models, request(tool(schema), Message.user("Hi")), _ -> {});

      JsonNode sent =
          stub.requests()
              .getFirst()
              .body()
              .path("tools")
              .path(0)
              .path("function")
              .path("parameters");
      assertThat(sent.path("type").asString()).isEqualTo("object");
      assertThat(sent.path("properties").isObject()).isTrue();
    }
  }

  @Test
  void leadsOldReferencesToTheDefinitions() throws Exception {
    String schema =
        """
        {"type": "object", "properties": {"a": {"items": {"$ref": "#/definitions/b"}}},
         "definitions": {"b": {"type": "string"}}}\
        """;
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("ok"));
        Models models = models(stub)) {
      ask(models, request(tool(schema), Message.user("Hi")), _ -> {});

      JsonNode sent =
          stub.requests()
              .getFirst()
              .body()
              .path("tools")
              .path(0)
              .path("function")
              .path("parameters");
      assertThat(sent.at("/properties/a/items/$ref").asString()).isEqualTo("#/$defs/b");
      assertThat(sent.at("/$defs/b/type").asString()).isEqualTo("string");
    }
  }

  @Test
  void gathersCallsFromTheirPieces_whateverTheirArgumentsAre() throws Exception {
    StubReply reply =
        StubReply.calls(
            "{\"content\":\"I look.\"}",
            "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"edit_file\",\"arguments\":\"\"}}]}",
            "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"path\\\":\"}}]}",
            "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"a\\\"}\"}}]}",
            "{\"tool_calls\":[{\"index\":1,\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"no_such\",\"arguments\":\"{\\\"broken\\\": \"}}]}",
            "{\"tool_calls\":[{\"index\":2,\"id\":\"\",\"type\":\"function\",\"function\":{\"name\":\"edit_file\"}}]}");
    try (OpenAiStub stub = OpenAiStub.replying(reply);
        Models models = models(stub)) {
      List<String> pieces = new ArrayList<>();
      ModelAnswer answer = ask(models, request(Message.user("Hi")), pieces::add);

      assertThat(pieces).containsExactly("I look.");
      assertThat(answer.text()).isEqualTo("I look.");
      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.TOOL);
      assertThat(answer.calls())
          .containsExactly(
              new ToolUse("c1", "edit_file", "{\"path\":\"a\"}"),
              new ToolUse("c2", "no_such", "{\"broken\": "),
              new ToolUse("call_1_2", "edit_file", "{}"));
    }
  }

  @Test
  void readsCallsOfAServerThatDoesNotStream() throws Exception {
    String body =
        """
        {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant",
          "content": null, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "a", "arguments": "{}"}},
            {"id": "c2", "type": "function", "function": {"name": "b", "arguments": "[1"}}]}}]}\
        """;
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.body(200, "application/json", body));
        Models models = models(stub)) {
      ModelAnswer answer = ask(models, request(Message.user("Hi")), _ -> {});

      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.TOOL);
      assertThat(answer.text()).isEmpty();
      assertThat(answer.calls())
          .containsExactly(new ToolUse("c1", "a", "{}"), new ToolUse("c2", "b", "[1"));
    }
  }

  @Test
  void tellsTheModelWhatItAskedForAndWhatCameOfIt() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("Done"));
        Models models = models(stub)) {
      ask(
          models,
          request(
              Message.user("Hi"),
              new Message.Assistant("", List.of(new ToolUse("c1", "edit_file", "{\"broken"))),
              new Message.ToolAnswer("c1", "edit_file", "No JSON", true)),
          _ -> {});

      JsonNode messages = stub.requests().getFirst().body().path("messages");
      assertThat(messages.at("/1/tool_calls/0/id").asString()).isEqualTo("c1");
      assertThat(messages.at("/1/tool_calls/0/function/arguments").asString())
          .isEqualTo("{\"broken");
      assertThat(messages.at("/2/role").asString()).isEqualTo("tool");
      assertThat(messages.at("/2/tool_call_id").asString()).isEqualTo("c1");
      assertThat(messages.at("/2/content").asString()).isEqualTo("No JSON");
    }
  }

  @Test
  void endsACallWhoseArgumentsNeverEnd() throws Exception {
    String megabyte = "x".repeat(1 << 20);
    String[] deltas = new String[12];
    Arrays.fill(
        deltas,
        "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"x\",\"arguments\":\"%s\"}}]}"
            .formatted(megabyte));
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.calls(deltas));
        Models models = models(stub)) {
      assertThat(failure(models, request(Message.user("Hi"))).kind())
          .isEqualTo(ModelFailure.Kind.TOO_LONG);
    }
  }

  private static ToolSpec tool(String schema) {
    return new ToolSpec("edit_file", "Edits", (ObjectNode) Json.read(schema));
  }

  private static ModelRequest request(Message... messages) {
    return request(TOOL, messages);
  }

  private static ModelRequest request(ToolSpec tool, Message... messages) {
    return new ModelRequest("s", null, List.of(messages), null, false, List.of(tool));
  }
}
