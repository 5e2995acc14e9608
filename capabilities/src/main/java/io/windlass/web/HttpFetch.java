package io.windlass.web;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import io.windlass.text.JsonPath;
import io.windlass.text.JsonText;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The pre-tool {@code http_fetch}: what a public web address answers, cut to 50,000 characters. */
public final class HttpFetch implements PreTool {
  private static final int BODY_LIMIT = 10 << 20;
  private static final int LIMIT = 50_000;
  private static final int SHOWN = 300;
  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
  private static final Set<String> BODILESS = Set.of("GET", "HEAD", "DELETE");

  private final WebClient client;

  public HttpFetch(WebClient client) {
    this.client = client;
  }

  @Override
  public String name() {
    return "http_fetch";
  }

  @Override
  public List<String> required() {
    return List.of("url");
  }

  @Override
  public String run(PreToolCall call) throws IOException, InterruptedException {
    WebRequest request = request(call);
    WebResponse response = client.send(request, WebClient.Reach.PUBLIC, call.timeout(), BODY_LIMIT);
    String shown = request.method() + " " + request.address().shown();
    if (response.status() >= 400) {
      throw new IOException(
          shown + " answered " + response.statusLine() + cut(": ", response.body().strip()));
    }
    if (response.truncated()) {
      warn(call, shown + " answered with more than 10 MB; the rest is left out");
    }
    String text = extracted(call, response.body());
    if (text.length() <= LIMIT) {
      return text;
    }
    warn(
        call,
        "%s answered with %d characters; only the first %d are kept"
            .formatted(shown, text.length(), LIMIT));
    int cut = Character.isHighSurrogate(text.charAt(LIMIT - 1)) ? LIMIT - 1 : LIMIT;
    return text.substring(0, cut) + "\n[truncated]";
  }

  private static WebRequest request(PreToolCall call) {
    WebAddress address = WebAddress.of(call.text("url"));
    String given = call.text("method").trim().toUpperCase(Locale.ROOT);
    String method = given.isEmpty() ? "GET" : given;
    if (!METHODS.contains(method)) {
      throw WindlassException.invalid("http_fetch does not know the method \"" + method + "\"");
    }
    Map<String, String> headers = new LinkedHashMap<>(call.texts("headers"));
    @Nullable String body = null;
    String content = call.text("body");
    if (!content.isEmpty() && BODILESS.contains(method)) {
      warn(call, "http_fetch sends no body with " + method);
    } else if (!content.isEmpty()) {
      body = content;
      if (headers.keySet().stream().noneMatch("content-type"::equalsIgnoreCase)) {
        headers.put(
            "Content-Type", isJson(content) ? "application/json" : "text/plain; charset=utf-8");
      }
    }
    return new WebRequest(method, address, headers, body);
  }

  private static String extracted(PreToolCall call, String body) {
    String path = call.text("json_path").trim();
    if (path.isEmpty()) {
      return body;
    }
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(body);
    } catch (JacksonException e) {
      warn(call, "http_fetch: the answer is not JSON, so json_path \"" + path + "\" is not used");
      return body;
    }
    JsonNode found = JsonPath.parse(path).find(json);
    if (found == null) {
      throw WindlassException.invalid(
          "http_fetch: json_path \"" + path + "\" leads nowhere in the answer");
    }
    return JsonText.rawOrIndented(found);
  }

  static boolean isJson(String text) {
    String trimmed = text.trim();
    if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) {
      return false;
    }
    try {
      Json.MAPPER.readTree(trimmed);
      return true;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static String cut(String before, String text) {
    if (text.isEmpty()) {
      return "";
    }
    return before + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
  }

  private static void warn(PreToolCall call, String message) {
    call.context().log(LogLevel.WARN, message);
  }
}
