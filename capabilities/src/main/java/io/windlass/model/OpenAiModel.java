package io.windlass.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The models of one OpenAI-compatible {@link Endpoint}, asked through LangChain4j. */
final class OpenAiModel implements ModelServer {
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

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public LanguageModel named(String model, @Nullable Price price) {
    return (request, pieces) -> ask(model, price, request, pieces);
  }

  private ModelAnswer ask(
      String model, @Nullable Price price, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    ChatRequest chatRequest = Conversation.of(model, request, Conversation.Arguments.AS_WRITTEN, 0);
    Exchange exchange =
        new Exchange(endpoint, model, price, clock, request.messages().size(), pieces);
    ScopedValue.where(CallingThreadHttp.EXCHANGE, exchange)
        .run(() -> chat.chat(chatRequest, exchange));
    return exchange.answer();
  }
}
