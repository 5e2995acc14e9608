package io.windlass.model;

import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The models of one server that speaks Anthropic's messages, asked through LangChain4j. */
final class AnthropicModel implements ModelServer {
  private static final int LONGEST_BEFORE_3_5 = 4_096;
  private static final int LONGEST_BEFORE_4 = 8_192;
  private static final int LONGEST = 32_000;
  private final Endpoint endpoint;
  private final InstantSource clock;
  private final AnthropicStreamingChatModel chat;

  AnthropicModel(Endpoint endpoint, HttpClient http, InstantSource clock) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.chat =
        AnthropicStreamingChatModel.builder()
            .baseUrl(endpoint.baseUrl().toString())
            .apiKey(endpoint.key() == null ? "none" : endpoint.key())
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
    ChatRequest chatRequest =
        Conversation.of(model, request, Conversation.Arguments.OBJECTS, longest(model));
    Exchange exchange =
        new Exchange(endpoint, model, price, clock, request.messages().size(), pieces);
    ScopedValue.where(CallingThreadHttp.EXCHANGE, exchange)
        .run(() -> chat.chat(chatRequest, exchange));
    return exchange.answer();
  }

  /** The format wants a limit, and refuses one that the model does not reach. */
  private static int longest(String model) {
    if (model.startsWith("claude-3-5")) {
      return LONGEST_BEFORE_4;
    }
    return model.startsWith("claude-3-") && !model.startsWith("claude-3-7")
        ? LONGEST_BEFORE_3_5
        : LONGEST;
  }
}
