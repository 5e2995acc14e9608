package io.windlass.model;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The models of one OpenAI-compatible {@link Endpoint}, asked through LangChain4j. */
final class OpenAiModel {
  private final Endpoint endpoint;
  private final InstantSource clock;
  private final OpenAiStreamingChatModel chat;

  OpenAiModel(Endpoint endpoint, HttpClient http, InstantSource clock) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.chat =
        OpenAiStreamingChatModel.builder()
            .baseUrl(endpoint.baseUrl().toString())
            .apiKey(endpoint.key())
            .httpClientBuilder(new CallingThreadHttp.Builder(http))
            .build();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /**
   * @param price what the model costs; null when that is not known
   */
  LanguageModel named(String model, @Nullable Price price) {
    return (request, pieces) -> ask(model, price, request, pieces);
  }

  private ModelAnswer ask(
      String model, @Nullable Price price, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    ChatRequest chatRequest =
        ChatRequest.builder().modelName(model).messages(messages(request)).build();
    OpenAiExchange exchange = new OpenAiExchange(endpoint, model, price, clock, pieces);
    ScopedValue.where(CallingThreadHttp.EXCHANGE, exchange)
        .run(() -> chat.chat(chatRequest, exchange));
    return exchange.answer();
  }

  private static List<ChatMessage> messages(ModelRequest request) {
    List<ChatMessage> messages = new ArrayList<>();
    if (request.system() != null) {
      messages.add(SystemMessage.from(request.system()));
    }
    for (Message message : request.messages()) {
      messages.add(
          switch (message) {
            case Message.User user -> UserMessage.from(user.text());
            case Message.Assistant assistant -> assistant(assistant);
            case Message.ToolAnswer answer ->
                ToolExecutionResultMessage.from(answer.id(), answer.name(), answer.text());
          });
    }
    return messages;
  }

  private static AiMessage assistant(Message.Assistant said) {
    return said.calls().isEmpty()
        ? AiMessage.from(said.text())
        : AiMessage.from(
            said.text(),
            said.calls().stream()
                .map(call ->
                    ToolExecutionRequest.builder()
                        .id(call.id())
                        .name(call.name())
                        .arguments(call.arguments())
                        .build())
                .toList());
  }
}
