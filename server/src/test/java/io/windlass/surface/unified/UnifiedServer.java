package io.windlass.surface.unified;

import io.windlass.http.Address;
import io.windlass.http.HttpConfig;
import io.windlass.http.Listener;
import io.windlass.http.Mount;
import io.windlass.http.OpenApiContract;
import io.windlass.kernel.Json;
import io.windlass.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The unified surface over fakes on a free port, and a client that holds answers to the document.
 */
final class UnifiedServer implements AutoCloseable {
  private static final McpServersJson MCP_SERVERS =
      new McpServersJson(
          List.of(
              new McpServersJson.McpServerJson("files", "Files", "stdio", "running", 3, null),
              new McpServersJson.McpServerJson(
                  "mcp_settings.json", "mcp_settings.json", "", "invalid", null, "line 2")),
          "/home/mcp_settings.json",
          "line 2");
  static final OpenApiContract CONTRACT = OpenApiContract.loadStrict(UnifiedConfig.DOCUMENT, "");
  final FakeDefinitions definitions = new FakeDefinitions();
  final FakeExecutions executions = new FakeExecutions(definitions);
  final FakeApprovals approvals = new FakeApprovals();
  final FakeSchedules schedules = new FakeSchedules(executions);
  final Meters meters = new Meters();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Listener listener;

  UnifiedServer(Artifacts artifacts, HealthCheck... checks) {
    this(
        artifacts,
        () -> {
          throw new IllegalStateException("there is no database");
        },
        checks);
  }

  /**
   * @param database where budgets are kept
   */
  UnifiedServer(Artifacts artifacts, Supplier<Database> database, HealthCheck... checks) {
    KindRules chain = KindRules.of(null, UnifiedServer::echo);
    UnifiedConfig config =
        new UnifiedConfig(
            "1.2.3",
            Map.of("chain", chain, "pipeline", KindRules.PLAIN),
            List.of(
                new ApiDocument("unified", "Unified", () -> "", UnifiedConfig.DOCUMENT),
                new ApiDocument(
                    "again", "Again <&>", () -> "http://127.0.0.1:1", UnifiedConfig.DOCUMENT)),
            List.of(checks),
            artifacts,
            () -> MCP_SERVERS,
            Duration.ofMillis(100));
    var ports = new EnginePorts(executions, approvals, definitions, schedules);
    var surface =
        new UnifiedSurface(ports, config, NoRuns.budgets(database), meters, InstantSource.system());
    listener =
        Listener.open(
            new Address("127.0.0.1", "WINDLASS_HOST", 0, "WINDLASS_PORT"),
            List.of(Mount.root(surface)),
            HttpConfig.OPEN,
            meters);
    definitions.save("chain", "toy", "name: toy");
  }

  /** A dry run whose result is what it was asked for. */
  private static DryRunJson echo(Planner.Draft draft) {
    var step =
        new DryRunJson.StepJson(
            "a", "A", "agent", "ran", null, 1, "m", "p", 1, 2, null, "o", List.of("n"), List.of());
    var run =
        new DryRunJson.RunJson(
            draft.kind(),
            draft.name(),
            "succeeded",
            Json.tree(draft),
            null,
            null,
            List.of(List.of("a")),
            List.of(step));
    var calls = new DryRunJson.CallsJson("", "m", 1, 0, 1, 2, null);
    return new DryRunJson(run, List.of(), List.of("w"), List.of(calls), 1, 2, null, "2026-02");
  }

  String url(String path) {
    return listener.baseUrl() + path;
  }

  Answer get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  Answer post(String path, String json, String... headers) {
    return send("POST", path, json, headers);
  }

  /** Sends JSON and holds the answer, and what was sent when it was accepted, to the document. */
  Answer send(String method, String path, @Nullable String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    if (json != null) {
      request.setHeader("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    boolean isJson = json != null && List.of(headers).indexOf("Content-Type") < 0;
    return new Answer(CONTRACT.hold(raw(request.build()), isJson ? json : null));
  }

  HttpResponse<String> raw(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] download(String path) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(url(path))).build(), BodyHandlers.ofByteArray())
        .body();
  }

  /** Starts the toy chain and answers its engine id. */
  String start() {
    return post("/v1/executions", "{\"kind\":\"chain\",\"name\":\"toy\"}").at("/id");
  }

  @Override
  public void close() {
    listener.close();
    meters.close();
  }

  /** An answer that fits the document. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
      return Json.read(response.body());
    }

    String at(String pointer) {
      return Json.show(json().at(pointer));
    }
  }
}
