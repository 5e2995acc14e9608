package io.windlass.web;

import io.windlass.kernel.Json;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The tool {@code http_fetch}: what a public web address answers. */
public final class HttpFetchTool implements Tool {
  private static final int BODY_LIMIT = 10 << 20;
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final ObjectNode SCHEMA =
      (ObjectNode)
          Json.read(
              """
              {"type": "object", "required": ["url"], "additionalProperties": false, "properties": {
                "url": {"type": "string", "description": "http:// or https://"},
                "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]},
                "headers": {"type": "object", "additionalProperties": {"type": "string"}},
                "body": {"type": "string"}}}
              """);

  private final WebClient client;

  public HttpFetchTool(WebClient client) {
    this.client = client;
  }

  @Override
  public String name() {
    return "http_fetch";
  }

  @Override
  public String description() {
    return "Sends an HTTP request, GET unless method says otherwise, and gives the answer's status"
        + " and body as text.";
  }

  @Override
  public ObjectNode schema() {
    return SCHEMA.deepCopy();
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public boolean isReadOnly(ObjectNode arguments) {
    return READING.contains(method(arguments));
  }

  @Override
  public ToolResult call(ToolCall call) throws IOException, InterruptedException {
    ObjectNode arguments = call.arguments();
    String method = method(arguments);
    Map<String, String> headers = new LinkedHashMap<>();
    arguments
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asString()));
    @Nullable String body =
        READING.contains(method) || !arguments.hasNonNull("body")
            ? null
            : arguments.path("body").asString();
    if (body != null && headers.keySet().stream().noneMatch("content-type"::equalsIgnoreCase)) {
      headers.put(
          "Content-Type",
          HttpFetch.isJson(body) ? "application/json" : "text/plain; charset=utf-8");
    }
    if (!READING.contains(method)) {
      headers.putIfAbsent("Idempotency-Key", call.id());
    }
    WebRequest request =
        new WebRequest(method, WebAddress.of(arguments.path("url").asString()), headers, body);
    WebResponse response = client.send(request, WebClient.Reach.PUBLIC, call.timeout(), BODY_LIMIT);
    String note = response.truncated() ? "\n[only the first 10 MB were read]" : "";
    return new ToolResult(
        "HTTP %s%n%s%s".formatted(response.statusLine(), response.body(), note),
        response.status() >= 400);
  }

  private static String method(ObjectNode arguments) {
    return arguments.path("method").asString("GET");
  }
}
