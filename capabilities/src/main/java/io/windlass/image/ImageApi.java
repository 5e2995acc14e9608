package io.windlass.image;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Endpoint;
import io.windlass.text.Excerpt;
import io.windlass.text.Mask;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One server that speaks the OpenAI images format: {@code POST /images/generations}. */
final class ImageApi {
  /** The largest accepted picture, in bytes. */
  static final int LARGEST = 25 << 20;

  /** Base64 makes four characters of three bytes. */
  private static final long LARGEST_BODY = LARGEST / 3 * 4L + (1 << 20);

  private final Endpoint endpoint;
  private final HttpClient http;

  ImageApi(Endpoint endpoint, HttpClient http) {
    this.endpoint = endpoint;
    this.http = http;
  }

  /**
   * Asks for one picture and blocks until it is there.
   *
   * @param idempotencyKey the same at every repetition of one effect
   * @throws ImageFailure when there is none
   */
  Picture make(ImageRequest request, String idempotencyKey) throws InterruptedException {
    long end = System.nanoTime() + request.timeout().toNanos();
    HttpRequest.Builder post =
        HttpRequest.newBuilder(URI.create(endpoint.baseUrl() + "/images/generations"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body(request))));
    if (endpoint.key() != null) {
      post.header("Authorization", "Bearer " + endpoint.key());
    }
    HttpResponse<byte[]> response = send(post.build(), LARGEST_BODY, request.timeout());
    if (response.statusCode() != 200) {
      throw refused(response);
    }
    JsonNode answer = tree(response.body());
    JsonNode first = answer.path("data").path(0);
    byte[] bytes = bytes(first, Duration.ofNanos(end - System.nanoTime()));
    String format = Picture.formatOf(bytes);
    if (format.isEmpty()) {
      throw new ImageFailure(label() + " sent what is no PNG, JPEG, WebP or GIF picture", true);
    }
    String revised = Json.show(first.get("revised_prompt"));
    return new Picture(
        bytes,
        format,
        revised.isEmpty() ? null : revised,
        answer.path("usage").path("input_tokens").asLong(0),
        answer.path("usage").path("output_tokens").asLong(0));
  }

  /** The older models send a link unless they are told otherwise; the newer refuse to be told. */
  private static ObjectNode body(ImageRequest request) {
    ObjectNode body = Json.object();
    body.put("model", request.model());
    body.put("prompt", request.prompt());
    body.put("n", 1);
    if (request.size() != null) {
      body.put("size", request.size());
    }
    if (request.quality() != null) {
      body.put("quality", request.quality());
    }
    if (request.model().startsWith("dall-e")) {
      body.put("response_format", "b64_json");
    }
    return body;
  }

  private byte[] bytes(JsonNode picture, Duration left) throws InterruptedException {
    String base64 = Json.show(picture.get("b64_json"));
    if (!base64.isEmpty()) {
      try {
        return Base64.getMimeDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        throw new ImageFailure(label() + " sent base64 that cannot be decoded", true, e);
      }
    }
    String url = Json.show(picture.get("url"));
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      throw new ImageFailure(
          label() + " answered without a picture: neither b64_json nor a url", true);
    }
    try {
      // The link is on a file server: it gets no key.
      HttpRequest get = HttpRequest.newBuilder(URI.create(url)).GET().build();
      HttpResponse<byte[]> response = send(get, LARGEST, left);
      if (response.statusCode() != 200) {
        throw new ImageFailure(
            "The picture that %s links to cannot be had: HTTP %d"
                .formatted(label(), response.statusCode()),
            true);
      }
      return response.body();
    } catch (IllegalArgumentException e) {
      throw new ImageFailure(label() + " sent a link that is no URL", true, e);
    }
  }

  private HttpResponse<byte[]> send(HttpRequest request, long most, Duration limit)
      throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> call =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
    try {
      return call.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new ImageFailure(
          label() + " gave no picture in time; raise timeout_ms or ask for a smaller one", true, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String why = cause instanceof IOException ? String.valueOf(cause.getMessage()) : "" + cause;
      boolean tooLarge = why.contains("exceed");
      throw new ImageFailure(
          tooLarge
              ? "%s sent more than the %d MB that a picture may have"
                  .formatted(label(), LARGEST >> 20)
              : "%s cannot be reached: %s".formatted(label(), Excerpt.of(why, 200)),
          !tooLarge,
          e);
    } finally {
      call.cancel(true);
    }
  }

  private ImageFailure refused(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    String message = "";
    try {
      message = Json.show(tree(response.body()).path("error").get("message"));
    } catch (ImageFailure e) {
      message = "";
    }
    String key = endpoint.key();
    String shown = key == null ? message : Mask.of(message, key);
    String advice =
        status == 401 || status == 403
            ? "; check " + (endpoint.keyVariable() == null ? "its key" : endpoint.keyVariable())
            : "";
    return new ImageFailure(
        "%s answered HTTP %d%s%s"
            .formatted(
                label(), status, shown.isBlank() ? "" : ": " + Excerpt.of(shown, 300), advice),
        status == 408 || status == 409 || status == 429 || status >= 500);
  }

  private JsonNode tree(byte[] body) {
    try {
      @Nullable JsonNode tree = Json.MAPPER.readTree(body);
      return tree == null ? Json.object() : tree;
    } catch (tools.jackson.core.JacksonException e) {
      throw new ImageFailure(label() + " sent what is no JSON", true, e);
    }
  }

  private String label() {
    return "The images API of " + endpoint.name();
  }

  /** Whether the user has yet to set a key. */
  static void requireKey(Endpoint endpoint) {
    if (endpoint.key() == null && endpoint.keyVariable() != null) {
      throw new WindlassException(
          io.windlass.kernel.ErrorCode.NOT_CONFIGURED,
          "Images of \"%s\" are not configured: set %s"
              .formatted(endpoint.name(), endpoint.keyVariable()));
    }
  }
}
