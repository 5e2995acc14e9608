package io.windlass.model;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import io.windlass.kernel.Json;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The models of one server whose format is written and read here. */
final class WireModel implements ModelServer {
  private final Endpoint endpoint;
  private final Wire wire;
  private final HttpClient http;
  private final InstantSource clock;

  /** A format: what is sent, and what is read of the objects that come. */
  interface Wire {
    /** Where to post, below the base URL. */
    String path(String model);

    /** The header that carries the key. */
    String keyHeader();

    /** The key as that header's value. */
    String keyValue(String key);

    ObjectNode body(String model, ModelRequest request);

    /** A reader of one answer. */
    Consumer<JsonNode> reader(Exchange exchange);
  }

  WireModel(Endpoint endpoint, Wire wire, java.net.http.HttpClient http, InstantSource clock) {
    this.endpoint = endpoint;
    this.wire = wire;
    this.http = new CallingThreadHttp.Builder(http).build();
    this.clock = clock;
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
    HttpRequest.Builder call =
        HttpRequest.builder()
            .method(HttpMethod.POST)
            .url(endpoint.baseUrl() + wire.path(model))
            .addHeader("Content-Type", "application/json")
            .body(Json.write(wire.body(model, request)));
    if (endpoint.key() != null) {
      call.addHeader(wire.keyHeader(), wire.keyValue(endpoint.key()));
    }
    Exchange exchange =
        new Exchange(endpoint, model, price, clock, request.messages().size(), pieces);
    Consumer<JsonNode> reader = wire.reader(exchange);
    ServerSentEventListener listener =
        new ServerSentEventListener() {
          @Override
          public void onEvent(ServerSentEvent event) {
            reader.accept(Json.read(event.data()));
          }

          @Override
          public void onError(Throwable error) {
            exchange.onError(error);
          }
        };
    ScopedValue.where(CallingThreadHttp.EXCHANGE, exchange)
        .run(() -> http.execute(call.build(), new DefaultServerSentEventParser(), listener));
    return exchange.answer();
  }

  /** A tool call's arguments as an object; empty when they are none. */
  static ObjectNode arguments(ToolUse call) {
    return Json.read(Conversation.object(call.arguments())) instanceof ObjectNode object
        ? object
        : Json.object();
  }
}
