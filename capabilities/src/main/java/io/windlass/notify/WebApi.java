package io.windlass.notify;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.Mask;
import io.windlass.tool.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Posts JSON to services and tells their refusals; their addresses, which hold keys, it hides. */
final class WebApi {
  private static final int ANSWER_LIMIT = 1 << 20;
  private static final int SHOWN = 300;

  private final Http http;

  WebApi(Http http) {
    this.http = http;
  }

  /**
   * The answer's body.
   *
   * @param service what messages call it
   * @param inner whether it may be inside the own network
   * @param secret what must not stand in messages
   */
  String post(
      String service,
      String url,
      Map<String, String> headers,
      JsonNode body,
      boolean inner,
      String secret,
      Duration timeout)
      throws IOException, InterruptedException {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Type", "application/json");
    Http.Response answer;
    try {
      answer =
          http.send(
              new Http.Request("POST", url, all, Json.write(body), inner), timeout, ANSWER_LIMIT);
    } catch (IOException e) {
      throw new IOException(
          "%s cannot be reached: %s"
              .formatted(service, hidden(String.valueOf(e.getMessage()), secret)),
          e);
    } catch (WindlassException e) {
      throw new WindlassException(
          e.code(), "%s: %s".formatted(service, hidden(e.text(), secret)), e);
    }
    if (!answer.succeeded()) {
      String text = hidden(answer.body().strip(), secret);
      String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
      String message =
          "%s answered %d%s"
              .formatted(service, answer.status(), shown.isEmpty() ? "" : ": " + shown);
      boolean passing = answer.status() == 429 || answer.status() >= 500;
      if (passing) {
        throw new IOException(message);
      }
      throw new WindlassException(ErrorCode.INVALID_INPUT, message);
    }
    return answer.body();
  }

  private static String hidden(String text, String secret) {
    return Mask.of(text, secret);
  }
}
