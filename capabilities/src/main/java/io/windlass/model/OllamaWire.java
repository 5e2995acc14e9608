package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.model.Exchange.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Ollama's {@code /api/chat}: one JSON object a line. */
final class OllamaWire implements WireModel.Wire {
  @Override
  public String path(String model) {
    return "/api/chat";
  }

  @Override
  public String keyHeader() {
    return "Authorization";
  }

  @Override
  public String keyValue(String key) {
    return "Bearer " + key;
  }

  @Override
  public ObjectNode body(String model, ModelRequest request) {
    ObjectNode body = Json.object().put("model", model).put("stream", true);
    ArrayNode messages = body.putArray("messages");
    if (request.system() != null) {
      messages.addObject().put("role", "system").put("content", request.system());
    }
    request.messages().forEach(message -> add(messages.addObject(), message));
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools");
      for (ToolSpec tool : request.tools()) {
        tools
            .addObject()
            .put("type", "function")
            .putObject("function")
            .put("name", tool.name())
            .put("description", tool.description())
            .set("parameters", tool.schema());
      }
    } else if (request.json()) {
      body.put("format", "json");
    }
    return body;
  }

  private static void add(ObjectNode into, Message message) {
    into.put("content", message.text());
    switch (message) {
      case Message.User _ -> into.put("role", "user");
      case Message.Assistant said -> {
        into.put("role", "assistant");
        if (!said.calls().isEmpty()) {
          ArrayNode calls = into.putArray("tool_calls");
          for (ToolUse call : said.calls()) {
            calls
                .addObject()
                .putObject("function")
                .put("name", call.name())
                .set("arguments", WireModel.arguments(call));
          }
        }
      }
      case Message.ToolAnswer answer -> into.put("role", "tool").put("tool_name", answer.name());
    }
  }

  @Override
  public Consumer<JsonNode> reader(Exchange exchange) {
    List<ToolUse> calls = new ArrayList<>();
    return line -> {
      JsonNode message = line.path("message");
      for (JsonNode call : message.path("tool_calls")) {
        JsonNode function = call.path("function");
        JsonNode given = function.path("arguments");
        String arguments = given.isMissingNode() || given.isNull() ? "{}" : Json.show(given);
        if (exchange.grows(arguments.length())) {
          calls.add(
              new ToolUse(
                  call.path("id").asString(""), function.path("name").asString(""), arguments));
        }
      }
      String text = message.path("content").asString("");
      if (!text.isEmpty()) {
        exchange.onPartialResponse(text);
      }
      if (line.path("done").asBoolean(false)) {
        exchange.complete(
            switch (line.path("done_reason").asString("stop")) {
              case "stop" -> ModelAnswer.Finish.STOP;
              case "length" -> ModelAnswer.Finish.LENGTH;
              default -> ModelAnswer.Finish.OTHER;
            },
            new Tokens(
                line.path("prompt_eval_count").asLong(0),
                0,
                line.path("eval_count").asLong(0),
                true),
            calls);
        exchange.end();
      }
    };
  }
}
