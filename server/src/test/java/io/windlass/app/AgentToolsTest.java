package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestDatabases;
import io.windlass.web.StubServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents of the whole server that search the web and keep notes; a script speaks for the model. */
final class AgentToolsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String CHAIN =
      """
      name: scout
      inputs: [{name: ask}]
      steps:
        - {id: work, prompt: "{ask}", tools: [web_search, memory], output_var: out}
      output: out
      """;
  private static final String SCRIPT =
      """
      answers:
        - {step: work, turn: 1, contains: find, text: "", calls: [{name: web_search, arguments: {query: tides today}}]}
        - {step: work, turn: 2, contains: Why the sea rises, text: "", calls: [{name: memory, arguments: {action: remember, key: tides, text: The sea rises at six.}}]}
        - {step: work, turn: 3, contains: 'Remembered as "tides"', text: found and noted}
        - {step: work, turn: 1, contains: remind, text: "", calls: [{name: memory, arguments: {action: recall, query: when does the sea rise}}]}
        - {step: work, turn: 2, contains: The sea rises at six., text: at six}
        - {step: work, turn: 2, contains: Nothing is remembered, text: no idea}
      """;

  @TempDir Path folder;

  @Test
  void searchesAndRemembersOnSqlite() throws Exception {
    searchesAndRemembers(Map.of());
  }

  @Test
  void searchesAndRemembersOnPostgres() throws Exception {
    searchesAndRemembers(Map.of("WINDLASS_DATABASE_URL", TestDatabases.newPostgresUrl()));
  }

  private void searchesAndRemembers(Map<String, String> more) throws Exception {
    try (StubServer engine = new StubServer()) {
      engine.on(
          "/search",
          200,
          """
          {"results": [{"title": "Tides", "url": "https://example.org/t", "content": "Why the sea rises."}]}
          """);
      Map<String, String> environment = new HashMap<>(more);
      environment.put("WINDLASS_SEARXNG_URL", "http://127.0.0.1:" + engine.port());
      try (Server server = open(environment)) {
        save(server);
        assertThat(run(server, "remind me")).isEqualTo("no idea");
        assertThat(run(server, "find it")).isEqualTo("found and noted");
        assertThat(engine.seen)
            .extracting(StubServer.Seen::path)
            .containsExactly("/search?format=json&q=tides+today");
      }
      try (Server server = open(environment)) {
        assertThat(run(server, "remind me")).isEqualTo("at six");
      }
    }
  }

  private Server open(Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("WINDLASS_HOME", folder.resolve("home").toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "0");
    Path script = Files.writeString(folder.resolve("script.yaml"), SCRIPT);
    environment.put("WINDLASS_MODEL_SCRIPT", script.toString());
    return Server.open(Config.read(environment, folder), environment);
  }

  private static void save(Server server) throws Exception {
    assertThat(
            send(
                HttpRequest.newBuilder(URI.create(server.chainsUrl() + "/chains/scout"))
                    .header("Content-Type", "text/yaml")
                    .POST(BodyPublishers.ofString(CHAIN))))
        .contains("\"ok\":true");
  }

  private static String run(Server server, String ask) throws Exception {
    JsonNode ended =
        Json.read(
            send(
                HttpRequest.newBuilder(URI.create(server.mainUrl() + "/v1/executions?wait=60"))
                    .header("Content-Type", "application/json")
                    .POST(
                        BodyPublishers.ofString(
                            Json.write(
                                Map.of(
                                    "kind",
                                    "chain",
                                    "name",
                                    "scout",
                                    "input",
                                    Map.of("ask", ask)))))));
    assertThat(ended.path("status").toString()).describedAs(ended.toString()).contains("succeeded");
    return Json.show(ended.get("result"));
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString()).body();
  }
}
