package io.windlass.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.Calls;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Servers whose tools answer more than anybody wants to read, over both transports. */
@SuppressWarnings("NullAway.Init") // set before each test
@Timeout(120)
final class LongAnswerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LONG = 20 << 20;
  private static final int TOO_LONG = 40 << 20;
  @TempDir Path folder;
  private McpServers servers;
  private HttpServer http;

  @AfterEach
  void stop() {
    servers.close();
    if (http != null) {
      http.stop(0);
    }
  }

  @Test
  void takesALongAnswer_andCutsWhatAPreToolKeepsOfIt() throws Exception {
    program();
    assertThat(servers.call("long", "much", bytes(LONG), PATIENCE).text()).hasSize(LONG);

    FakeStepContext context = new FakeStepContext();
    String kept =
        new McpCall(servers)
            .run(
                Calls.of(
                    context,
                    "{\"type\":\"mcp_call\",\"inject_as\":\"x\",\"server\":\"long\",\"tool\":\"much\",\"args\":{\"bytes\":%d}}"
                        .formatted(LONG)));
    assertThat(kept)
        .hasSizeBetween(5 << 20, (5 << 20) + 200)
        .endsWith("[cut: only the first 5242880 of 20971520 characters are kept]");
    assertThat(context.logs().toString()).contains("only the first 5242880");
  }

  @Test
  void takesALongAnswerOverHttp() throws Exception {
    for (boolean stream : new boolean[] {false, true}) {
      listen(stream);
      assertThat(servers.call("long", "much", bytes(LONG), PATIENCE).text()).hasSize(LONG);
      servers.close();
      http.stop(0);
    }
  }

  @Test
  void namesTheLimit_whenAProgramsAnswerIsTooLong() throws Exception {
    program();
    assertRefusedSoon();
    assertThat(servers.call("long", "much", bytes(3), PATIENCE).text()).isEqualTo("yyy");
  }

  @Test
  void namesTheLimit_whenAnAnswerOverHttpIsTooLong() throws Exception {
    for (boolean stream : new boolean[] {false, true}) {
      listen(stream);
      assertRefusedSoon();
      assertThat(servers.call("long", "much", bytes(3), PATIENCE).text()).isEqualTo("yyy");
      servers.close();
      http.stop(0);
    }
  }

  private void assertRefusedSoon() {
    long began = System.nanoTime();
    assertThatThrownBy(() -> servers.call("long", "much", bytes(TOO_LONG), PATIENCE))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MCP_FAILED))
        .hasMessageContainingAll("MCP server long", "much", "more than 32 MB", "ask for less");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
  }

  private static ObjectNode bytes(int count) {
    return Json.object().put("bytes", count);
  }

  private void program() throws IOException {
    ObjectNode server = Json.object().put("command", "node");
    server
        .putArray("args")
        .add("" + NodePeers.program("misbehave.js"))
        .add("" + folder.resolve("journal"));
    open(server);
  }

  private void listen(boolean stream) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/mcp", exchange -> answer(exchange, stream));
    http.start();
    open(
        Json.object()
            .put("type", "http")
            .put("url", "http://127.0.0.1:" + http.getAddress().getPort() + "/mcp"));
  }

  private void open(ObjectNode server) throws IOException {
    Files.writeString(
        folder.resolve("mcp_settings.json"), Json.object().set("long", server).toString());
    servers =
        new McpServers(
            folder, Map.of("PATH", System.getenv("PATH")), folder, InstantSource.system());
  }

  /** As much of a server of the protocol as a call takes. */
  private static void answer(HttpExchange exchange, boolean stream) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      JsonNode asked =
          Json.read(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      if (!asked.has("id")) {
        exchange.sendResponseHeaders(202, -1);
        return;
      }
      ObjectNode answer = Json.object().put("jsonrpc", "2.0");
      answer.set("id", asked.get("id"));
      answer.set("result", result(asked));
      boolean streams = stream && asked.path("method").asString().equals("tools/call");
      String body = streams ? "event: message\ndata: " + answer + "\n\n" : answer.toString();
      exchange
          .getResponseHeaders()
          .set("Content-Type", streams ? "text/event-stream" : "application/json");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static JsonNode result(JsonNode asked) {
    return switch (asked.path("method").asString()) {
      case "initialize" ->
          Json.read(
              """
              {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
               "serverInfo": {"name": "long", "version": "1"}}
              """);
      case "tools/list" ->
          Json.read("{\"tools\": [{\"name\": \"much\", \"inputSchema\": {\"type\": \"object\"}}]}");
      case "tools/call" -> {
        ObjectNode result = Json.object();
        result
            .putArray("content")
            .addObject()
            .put("type", "text")
            .put("text", "y".repeat(asked.path("params").path("arguments").path("bytes").asInt()));
        yield result;
      }
      default -> Json.object();
    };
  }
}
