package io.windlass.model;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * Carries LangChain4j's requests on the thread that makes them. The library's own client reads
 * every stream on the common pool, which has one thread on two cores, so that a slow answer would
 * hold up all others; here each call blocks its own virtual thread and ends with its interrupt.
 */
final class CallingThreadHttp implements dev.langchain4j.http.client.HttpClient {
  /** The exchange that the calling thread is in. */
  static final ScopedValue<Exchange> EXCHANGE = ScopedValue.newInstance();

  private static final Duration LINGER = Duration.ofSeconds(2);
  private final HttpClient http;

  private CallingThreadHttp(HttpClient http) {
    this.http = http;
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    throw new UnsupportedOperationException("Only streams are asked for");
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    Exchange exchange = EXCHANGE.get();
    OpenedBody opened = new OpenedBody();
    try {
      OpenedBody.Response response = sent(converted(request), opened);
      InputStream body = response.body();
      try {
        if (response.head().statusCode() / 100 == 2) {
          exchange.read(response.head(), body, listener);
        } else {
          exchange.refused(response.head(), body);
        }
      } finally {
        if (exchange.whole()) {
          leave(body);
        } else {
          body.close();
        }
      }
    } catch (InterruptedException e) {
      opened.abandon();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      exchange.broken(e);
    }
  }

  /** The response; also when the connection broke while it was handed over. */
  private OpenedBody.Response sent(java.net.http.HttpRequest request, OpenedBody opened)
      throws IOException, InterruptedException {
    IOException broken = null;
    try {
      var _ = http.send(request, opened);
    } catch (IOException e) {
      opened.brokenBy(e);
      broken = e;
    }
    OpenedBody.Response response = opened.response();
    if (response == null) {
      throw broken == null ? new IOException("no answer came") : broken;
    }
    return response;
  }

  /** Reads the end of a finished stream, which keeps its connection usable, but waits not long. */
  private static void leave(InputStream body) {
    Thread.startVirtualThread(() -> {
      Thread rest = Thread.startVirtualThread(() -> skip(body));
      try (body) {
        rest.join(LINGER);
      } catch (InterruptedException | IOException e) {
        rest.interrupt();
      }
    });
  }

  private static void skip(InputStream body) {
    try {
      body.skipNBytes(Long.MAX_VALUE);
    } catch (IOException e) {
      // The end was reached, or the stream was closed: either is the end of it.
    }
  }

  private static java.net.http.HttpRequest converted(HttpRequest request) {
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
            .method(
                request.method().name(),
                java.net.http.HttpRequest.BodyPublishers.ofString(request.body()));
    request
        .headers()
        .forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
    return builder.header("Accept", "text/event-stream").build();
  }

  static SuccessfulHttpResponse opened(HttpResponse.ResponseInfo response) {
    return SuccessfulHttpResponse.builder()
        .statusCode(response.statusCode())
        .headers(Map.of())
        .build();
  }

  /** Hands the shared client to LangChain4j, whose time limits are not used. */
  record Builder(HttpClient http) implements HttpClientBuilder {
    @Override
    public Duration connectTimeout() {
      return Duration.ZERO;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      return this;
    }

    @Override
    public Duration readTimeout() {
      return Duration.ZERO;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      return this;
    }

    @Override
    public dev.langchain4j.http.client.HttpClient build() {
      return new CallingThreadHttp(http);
    }
  }
}
