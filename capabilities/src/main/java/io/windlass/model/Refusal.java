package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns what an endpoint did instead of answering into a {@link ModelFailure} for people. */
final class Refusal {
  private static final int READ = 64 << 10;
  private static final int SHOWN = 300;
  private static final int QUOTED = 120;
  private static final Pattern CLASS = Pattern.compile("\\b[a-z]\\w*\\.[a-z]\\w*\\.\\w");
  private static final Pattern KEY_LIKE =
      Pattern.compile("(?i)\\b(sk-|key-|bearer\\s+)[\\w.*-]{6,}");
  private static final Pattern AMOUNT = Pattern.compile("\\d+(\\.\\d+)?");
  private static final double LONGEST_WAIT = Duration.ofDays(365).toMillis();

  private final Endpoint endpoint;
  private final String label;
  private final InstantSource clock;

  Refusal(Endpoint endpoint, String label, InstantSource clock) {
    this.endpoint = endpoint;
    this.label = label;
    this.clock = clock;
  }

  ModelFailure failure(ModelFailure.Kind kind, String what, @Nullable Throwable cause) {
    return new ModelFailure(kind, message(what), 0, null, cause);
  }

  private String message(String what) {
    return masked("%s at %s: %s".formatted(label, endpoint.shownUrl(), what));
  }

  ModelFailure of(HttpResponse.ResponseInfo response, InputStream body) {
    String text;
    try {
      text = new String(body.readNBytes(READ), StandardCharsets.UTF_8);
    } catch (IOException e) {
      text = "";
    }
    int status = response.statusCode();
    boolean quota = text.contains("insufficient_quota");
    ModelFailure.Kind kind = ModelFailure.kindOf(status, quota);
    String told = told(text);
    return new ModelFailure(
        kind,
        message("HTTP " + status + (told.isEmpty() ? "" : ": " + told) + advice(kind, status)),
        status,
        retryAfter(response.headers()),
        null);
  }

  private String advice(ModelFailure.Kind kind, int status) {
    return switch (kind) {
      case UNAUTHENTICATED ->
          ". Check "
              + (endpoint.keyVariable() == null
                  ? "api_key of models.endpoints." + endpoint.name()
                  : endpoint.keyVariable());
      case UNKNOWN_MODEL -> ". Check the model's name (models.aliases can map it) and the base URL";
      case QUOTA -> ". The account's quota is used up";
      case RATE_LIMITED ->
          ". Too many requests just now; more retries of the step would wait and try again";
      case REJECTED -> status / 100 == 3 ? ". It redirects; set the base URL to the new place" : "";
      default -> "";
    };
  }

  ModelFailure of(IOException cause) {
    if (cause instanceof HttpTimeoutException) {
      return failure(
          ModelFailure.Kind.UNREACHABLE,
          "no connection within " + Models.CONNECT.toSeconds() + " s; is it overloaded?",
          cause);
    }
    if (cause instanceof ConnectException) {
      return failure(
          ModelFailure.Kind.UNREACHABLE, "cannot connect; is it running, is the URL right?", cause);
    }
    if (cause instanceof SSLException) {
      return failure(
          ModelFailure.Kind.REJECTED, "no secure connection (" + firstLine(cause) + ")", cause);
    }
    return failure(
        ModelFailure.Kind.CONNECTION,
        "the connection broke before the answer was complete (" + firstLine(cause) + ")",
        cause);
  }

  /** An error that was sent in place of a piece of the answer; null when the data is none. */
  @Nullable ModelFailure inStream(String data, boolean named) {
    JsonNode error;
    try {
      error = Json.read(data).path("error");
    } catch (WindlassException e) {
      return named ? failure(ModelFailure.Kind.SERVER, shortened(data), null) : null;
    }
    if (!named && (error.isMissingNode() || error.isNull())) {
      return null;
    }
    boolean quota = data.contains("insufficient_quota");
    int status = error.path("code").isInt() ? error.path("code").intValue() : 500;
    ModelFailure.Kind kind =
        quota || status >= 400
            ? ModelFailure.kindOf(quota ? 429 : status, quota)
            : ModelFailure.Kind.SERVER;
    return new ModelFailure(
        kind, message("it broke off with an error: " + told(data)), 0, null, null);
  }

  private static String told(String body) {
    try {
      JsonNode tree = Json.read(body);
      JsonNode error = tree.path("error");
      for (JsonNode place :
          new JsonNode[] {
            error.path("message"), error, tree.path("message"), tree.path("detail")
          }) {
        if (place.isString()) {
          return shortened(place.stringValue());
        }
      }
    } catch (WindlassException e) {
      return shortened(body);
    }
    return shortened(body);
  }

  /** As long as it says, at most for ever so long. */
  private static Duration wait(String amount, int millis) {
    return Duration.ofMillis((long) Math.min(Double.parseDouble(amount) * millis, LONGEST_WAIT));
  }

  private @Nullable Duration retryAfter(HttpHeaders headers) {
    String value = headers.firstValue("retry-after-ms").orElse("");
    if (AMOUNT.matcher(value).matches()) {
      return wait(value, 1);
    }
    value = headers.firstValue("Retry-After").orElse("");
    if (AMOUNT.matcher(value).matches()) {
      return wait(value, 1_000);
    }
    try {
      ZonedDateTime until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(clock.instant(), until.toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Providers like to quote the key that they refuse. */
  private String masked(String text) {
    String key = endpoint.key();
    String without = key == null || key.length() < 4 ? text : text.replace(key, "***");
    return KEY_LIKE.matcher(without).replaceAll("$1***");
  }

  /** What is wrong with a piece of an answer that could not be read, and the piece. */
  static String unreadable(String data, Throwable error) {
    String shown = Excerpt.of(data.strip().replaceAll("\\s+", " "), QUOTED);
    try {
      JsonNode _ = Json.read(data);
    } catch (WindlassException e) {
      return "it sent something that is not JSON: " + shown;
    }
    String why = error.getMessage() == null ? "" : firstLine(error);
    return "it sent something that is no answer in its format%s: %s"
        .formatted(why.isEmpty() || CLASS.matcher(why).find() ? "" : " (" + why + ")", shown);
  }

  static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : shortened(Json.withoutSource(message.lines().findFirst().orElse("")));
  }

  static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }
}
