package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestDatabases;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Chains over HTTP whose pre-tools remember, ask and count, with the whole server. */
final class MemoryTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** A chain whose output is what its one pre-tool gave. */
  private static final String CHAIN =
      """
      name: %1$s
      inputs:
        - name: text
          optional: true
      steps:
        - id: only
          type: gather
          operation: template
          prompt: x
          template_str: "{got}"
          output_var: out
          pre_tools:
            - inject_as: got
              on_error: fail
              %2$s
      output: out
      """;

  @TempDir Path folder;

  @Test
  void remembersFromOneExecutionToTheNextOnSqlite() throws Exception {
    remembers(Map.of());
  }

  @Test
  void remembersFromOneExecutionToTheNextOnPostgres() throws Exception {
    remembers(Map.of("WINDLASS_DATABASE_URL", TestDatabases.newPostgresUrl()));
  }

  private void remembers(Map<String, String> more) throws Exception {
    try (Server server = open(more)) {
      save(server, "keep", "{type: state_save, key: last, value: \"{text}\", scope: shared}");
      save(server, "recall", "{type: state_load, key: last, default: nothing, scope: shared}");
      save(server, "learn", "{type: vector_index, collection: facts, source: \"{text}\"}");
      save(server, "find", "{type: vector_query, collection: facts, query: \"{text}\", top_k: 1}");
      assertThat(run(server, "recall", "")).isEqualTo("nothing");
      assertThat(run(server, "keep", "seven")).isEqualTo("seven");
      assertThat(run(server, "recall", "")).isEqualTo("seven");
      assertThat(run(server, "learn", "Otters hold hands. ")).startsWith("Indexed 1 pieces");
      run(server, "learn", "Owls see at night.");
      assertThat(run(server, "find", "who can see in the night?")).isEqualTo("Owls see at night.");
    }
    try (Server server = open(more)) {
      assertThat(run(server, "recall", "")).isEqualTo("seven");
      assertThat(run(server, "find", "otters")).isEqualTo("Otters hold hands.");
    }
  }

  @Test
  void asksInTheInboxAndTellsTheAnswerLater() throws Exception {
    try (Server server = open(Map.of())) {
      save(
          server,
          "ask",
          "{type: approval_request, title: \"Ship {text}?\", description: Look first.}");
      save(server, "check", "{type: approval_request, token: \"{text}\"}");
      JsonNode asked = Json.read(run(server, "ask", "it"));
      String token = asked.get("token").stringValue();
      assertThat(asked.get("status").stringValue()).isEqualTo("pending");
      assertThat(asked.get("prompt").stringValue()).isEqualTo("Ship it?\n\nLook first.");
      assertThat(Json.read(run(server, "check", token)).get("status").stringValue())
          .isEqualTo("pending");
      assertThat(get(server.mainUrl() + "/v1/approvals")).contains(token).contains("Ship it?");
      String link = asked.get("approve_link").stringValue();
      assertThat(link).startsWith(server.mainUrl());
      assertThat(post(link, "{\"choice\":\"approve\",\"reason\":\"fine\"}")).contains("decided");
      JsonNode checked = Json.read(run(server, "check", token));
      assertThat(checked.get("status").stringValue()).isEqualTo("approved");
      assertThat(checked.get("reason").stringValue()).isEqualTo("fine");
      assertThat(asked.at("/commands/reject").stringValue()).contains(link);
    }
  }

  @Test
  void countsWhatAnExecutionHasSpent() throws Exception {
    try (Server server = open(Map.of())) {
      save(server, "gate", "{type: cost_gate, budget_usd: 0.5, action: downgrade}");
      assertThat(run(server, "gate", ""))
          .isEqualTo(
              "{\"status\":\"within_budget\",\"spent\":0,\"budget\":0.5,\"remaining\":0.5,\"action\":\"none\"}");
    }
  }

  private Server open(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("WINDLASS_HOME", folder.resolve("home").toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "0");
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    return Server.open(Config.read(environment, folder), environment);
  }

  private static void save(Server server, String name, String tool) throws Exception {
    String fields = tool.substring(1, tool.length() - 1);
    String inline = CHAIN.formatted(name, fields.replace(", ", "\n        "));
    String answer =
        send(
            HttpRequest.newBuilder(URI.create(server.chainsUrl() + "/chains/" + name))
                .header("Content-Type", "text/yaml")
                .POST(BodyPublishers.ofString(inline)));
    assertThat(answer).contains("\"ok\":true");
  }

  /** Runs a chain to its end; gives its result. */
  private static String run(Server server, String name, String text) throws Exception {
    JsonNode ended =
        Json.read(
            post(
                server.mainUrl() + "/v1/executions?wait=60",
                Json.write(Map.of("kind", "chain", "name", name, "input", Map.of("text", text)))));
    assertThat(ended.path("status").toString()).describedAs(ended.toString()).contains("succeeded");
    return Json.show(ended.get("result"));
  }

  private static String get(String url) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  private static String post(String url, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString()).body();
  }
}
