package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.model.Exchange.Tokens;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Google's {@code streamGenerateContent}, whose tools are given their whole JSON Schema. */
final class GeminiWire implements WireModel.Wire {
  /** Google's own word for calls whose signature is not at hand; newer models ask for one. */
  private static final String NO_SIGNATURE = "skip_thought_signature_validator";

  @Override
  public String path(String model) {
    return "/models/"
        + URLEncoder.encode(model, StandardCharsets.UTF_8)
        + ":streamGenerateContent?alt=sse";
  }

  @Override
  public String keyHeader() {
    return "x-goog-api-key";
  }

  @Override
  public String keyValue(String key) {
    return key;
  }

  @Override
  public ObjectNode body(String model, ModelRequest request) {
    ObjectNode body = Json.object();
    if (request.system() != null) {
      body.putObject("systemInstruction")
          .putArray("parts")
          .addObject()
          .put("text", request.system());
    }
    ArrayNode contents = body.putArray("contents");
    String speaker = "";
    ArrayNode parts = Json.MAPPER.createArrayNode();
    for (Message message : request.messages()) {
      String role = message instanceof Message.Assistant ? "model" : "user";
      if (!role.equals(speaker)) {
        parts = contents.addObject().put("role", role).putArray("parts");
        speaker = role;
      }
      add(parts, model, message);
    }
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools").addObject().putArray("functionDeclarations");
      for (ToolSpec tool : request.tools()) {
        tools
            .addObject()
            .put("name", tool.name())
            .put("description", tool.description())
            .set("parametersJsonSchema", tool.schema());
      }
    } else if (request.json()) {
      body.putObject("generationConfig").put("responseMimeType", "application/json");
    }
    return body;
  }

  private static void add(ArrayNode parts, String model, Message message) {
    switch (message) {
      case Message.User user -> parts.addObject().put("text", user.text());
      case Message.Assistant said -> {
        if (!said.text().isEmpty() || said.calls().isEmpty()) {
          parts.addObject().put("text", said.text());
        }
        for (ToolUse call : said.calls()) {
          ObjectNode part = parts.addObject();
          part.putObject("functionCall")
              .put("name", call.name())
              .set("args", WireModel.arguments(call));
          if (model.startsWith("gemini-3")) {
            part.put("thoughtSignature", NO_SIGNATURE);
          }
        }
      }
      case Message.ToolAnswer answer ->
          parts
              .addObject()
              .putObject("functionResponse")
              .put("name", answer.name())
              .putObject("response")
              .put(answer.failed() ? "error" : "output", answer.text());
    }
  }

  @Override
  public Consumer<JsonNode> reader(Exchange exchange) {
    return new Reader(exchange);
  }

  /** The last object that tells the tokens and the reason for ending counts. */
  private static final class Reader implements Consumer<JsonNode> {
    private static final Set<String> MALFORMED =
        Set.of("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL");

    private final Exchange exchange;
    private final List<ToolUse> calls = new ArrayList<>();
    private Tokens tokens = Tokens.NONE;
    private ModelAnswer.@Nullable Finish finish;

    Reader(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void accept(JsonNode event) {
      JsonNode usage = event.path("usageMetadata");
      if (usage.isObject()) {
        tokens =
            new Tokens(
                usage.path("promptTokenCount").asLong(0),
                usage.path("cachedContentTokenCount").asLong(0),
                usage.path("candidatesTokenCount").asLong(0)
                    + usage.path("thoughtsTokenCount").asLong(0),
                true);
      }
      JsonNode candidate = event.path("candidates").path(0);
      for (JsonNode part : candidate.path("content").path("parts")) {
        take(part);
      }
      if (candidate.path("finishReason").isString()) {
        String reason = candidate.path("finishReason").stringValue();
        if (MALFORMED.contains(reason)) {
          exchange.malformed(
              "it called a tool in a way that cannot be read (%s)".formatted(reason));
        }
        finish = finish(reason);
      } else if (event.path("promptFeedback").path("blockReason").isString()) {
        finish = ModelAnswer.Finish.FILTERED;
      }
      if (finish != null) {
        exchange.complete(finish, tokens, calls);
      }
    }

    private void take(JsonNode part) {
      JsonNode call = part.path("functionCall");
      if (call.isObject()) {
        JsonNode given = call.path("args");
        String arguments = given.isMissingNode() || given.isNull() ? "{}" : Json.show(given);
        if (exchange.grows(arguments.length())) {
          calls.add(
              new ToolUse(call.path("id").asString(""), call.path("name").asString(""), arguments));
        }
      } else if (part.path("text").isString() && !part.path("thought").asBoolean(false)) {
        exchange.onPartialResponse(part.path("text").stringValue());
      }
    }

    private static ModelAnswer.Finish finish(String reason) {
      return switch (reason) {
        case "STOP" -> ModelAnswer.Finish.STOP;
        case "MAX_TOKENS" -> ModelAnswer.Finish.LENGTH;
        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII" ->
            ModelAnswer.Finish.FILTERED;
        default -> ModelAnswer.Finish.OTHER;
      };
    }
  }
}
