package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Graphs over the unified surface of a whole server: dry runs of the bundled ones and of workflows,
 * a person's answer after a restart, documents with faults, the limit of the compute surface.
 */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class GraphServerTest {
  private static final Path LIBRARY = Path.of("../library");
  private static final Path EXAMPLES = LIBRARY.resolve("examples");
  private static final Set<String> OVER = Set.of("succeeded", "failed", "cancelled");

  @Parameter private TestStore store;
  private HttpClient client;
  private Path folder;
  private String url;

  static Stream<String> bundled() throws IOException {
    List<String> found = new ArrayList<>();
    for (String kind : List.of("graph", "workflow")) {
      try (Stream<Path> files = Files.list(LIBRARY.resolve(kind + "s"))) {
        files.forEach(file ->
            found.add(kind + "/" + file.getFileName().toString().replaceFirst("\\.yaml$", "")));
      }
    }
    return found.stream().sorted();
  }

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path temp) {
    store = database;
    folder = temp;
    client = HttpClient.newHttpClient();
    String given = store.newUrl();
    url = given == null ? "" : given;
  }

  @AfterParameterizedClassInvocation
  void close() {
    client.close();
  }

  @ParameterizedTest
  @MethodSource("bundled")
  void aBundledGraphOrWorkflowCanBeTriedDry(String definition) throws Exception {
    String name = definition.substring(definition.indexOf('/') + 1);
    int answers = script(name);
    assertThat(answers).isPositive();
    Map<String, String> environment = environment("dry-" + name);
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      ObjectNode body = Json.object();
      body.set("input", Json.read(Files.readString(EXAMPLES.resolve(name + ".input.json"))));
      body.set("script", Json.read(Files.readString(folder.resolve(name + ".json"))));
      JsonNode told =
          post(
              server.mainUrl() + "/v1/definitions/" + definition + "/plan",
              "application/json",
              body.toString());
      assertThat(told.path("status").asString()).as(told.toPrettyString()).isEqualTo("succeeded");
      assertThat(told.path("problems")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("bundled")
  void aBundledGraphOrWorkflowThatFailsWithoutAModelSaysSo(String definition) throws Exception {
    String kind = definition.substring(0, definition.indexOf('/'));
    String name = definition.substring(definition.indexOf('/') + 1);
    Map<String, String> environment = environment("offline-" + name);
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      String main = server.mainUrl();
      JsonNode input = Json.read(Files.readString(EXAMPLES.resolve(name + ".input.json")));
      String body = Json.write(Map.of("kind", kind, "name", name, "input", input));
      JsonNode started = post(main + "/v1/executions", "application/json", body);
      JsonNode ended = endedWithApprovals(main, started.path("id").asString(started.toString()));
      assertThat(ended.path("status").asString()).isIn("succeeded", "failed");
      if (ended.path("status").asString().equals("failed")) {
        assertThat(ended.path("error").asString())
            .contains("no language model is configured", "set OPENAI_API_KEY")
            .doesNotContain(": :");
      }
    }
  }

  @Test
  void everyCallOfAModelTellsItsTime_alsoTheOneThatMendsAnAnswer() throws Exception {
    Map<String, String> environment = environment("mended");
    environment.put("WINDLASS_COMPUTE_PORT", "0");
    environment.put(
        "WINDLASS_MODEL_SCRIPT",
        Files.writeString(
                folder.resolve("mended.yaml"),
                """
                answers:
                  - {contains: "What is wrong with it", text: '{"n": 1}'}
                  - {text: no number}
                """)
            .toString());
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      String compute = server.computeUrl();
      var _ =
          post(
              compute + "/workflows",
              "application/json",
              """
              {"name": "mended", "strategy_definition": {"steps": [{"name": "One", "prompt": "Count",
                "output_schema": {"type": "object", "required": ["n"],
                                  "properties": {"n": {"type": "integer"}}}}]}}
              """);
      String id =
          post(compute + "/workflows/mended/execute", "application/json", "{}")
              .path("execution_id")
              .asString();
      assertThat(awaitEnd(server.mainUrl(), id).path("status").asString()).isEqualTo("succeeded");
      JsonNode step = get(compute + "/executions/" + id + "/steps").at("/step_executions/0");
      JsonNode calls =
          get(compute + "/step-executions/" + step.path("step_execution_id").asString())
              .path("llm_calls");
      assertThat(calls.values()).hasSize(2);
      assertThat(calls.values())
          .allMatch(call -> call.path("latency_ms").isIntegralNumber(), calls.toString());
    }
  }

  @Test
  void anAnswerThatDoesNotFitIsToldOncePerCause() throws Exception {
    Map<String, String> environment = environment("unfit");
    environment.put("WINDLASS_COMPUTE_PORT", "0");
    environment.put(
        "WINDLASS_MODEL_SCRIPT",
        Files.writeString(folder.resolve("unfit.yaml"), "answers: [{text: words}]").toString());
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      String compute = server.computeUrl();
      for (String type : List.of("string", "integer")) {
        var _ =
            post(
                compute + "/workflows",
                "application/json",
                """
                {"name": "unfit-%s", "strategy_definition": {"steps": [{"name": "One", "prompt": "Count",
                  "output_schema": {"type": "object", "required": ["n"],
                                    "properties": {"n": {"type": "%s"}}}}]}}
                """
                    .formatted(type, type));
        String id =
            post(compute + "/workflows/unfit-" + type + "/execute", "application/json", "{}")
                .path("execution_id")
                .asString();
        JsonNode ended = awaitEnd(server.mainUrl(), id);
        assertThat(ended.path("status").asString())
            .isEqualTo(type.equals("string") ? "succeeded" : "failed");
        assertThat(
                get(server.mainUrl() + "/v1/executions/" + id + "/events?limit=1000")
                    .path("items")
                    .values())
            .extracting(event -> event.path("message").asString(""))
            .filteredOn(message -> message.contains("output_schema"))
            .containsExactly(
                "output_schema: the answer does not fit (it is no valid JSON); the model is asked to mend it",
                "output_schema: the mended answer does not fit either; the first one stands");
      }
    }
  }

  @Test
  void aPersonAnswersAfterARestart() throws Exception {
    Map<String, String> environment = environment("human");
    String id;
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      String main = server.mainUrl();
      JsonNode saved =
          put(
              main + "/v1/definitions/graph/ask",
              """
              name: ask
              nodes:
                - {name: work, type: transform_node, set: {found: "a {input.what}"}}
                - {name: ask, type: human_node, question: "Keep {found}?", options: [keep, drop], output: choice}
              edges:
                - {from: START, to: work}
                - {from: work, to: ask}
                - {from: ask, router: choice, routes: {keep: END, drop: work}}
              output: "{choice} {found}"
              """);
      assertThat(saved.path("error").isMissingNode()).as(saved.toString()).isTrue();
      id = start(main, "ask", Json.object().put("what", "cup"));
      question(main);
    }
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      String main = server.mainUrl();
      JsonNode question = question(main);
      assertThat(question.path("prompt").asString()).isEqualTo("Keep a cup?");
      String decide = main + "/v1/approvals/" + question.path("id").asString() + "/decide";
      var _ = post(decide, "application/json", "{\"choice\": \"keep\"}");
      assertThat(awaitEnd(main, id).path("result").asString()).isEqualTo("keep a cup");
    }
  }

  @Test
  void aStartCountsForTheLimitOfTheComputeSurface() throws Exception {
    Map<String, String> environment = environment("limited");
    environment.put("WINDLASS_COMPUTE_MAX_CONCURRENT", "1");
    environment.put("WINDLASS_COMPUTE_PORT", "0");
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      String main = server.mainUrl();
      var _ =
          put(
              main + "/v1/definitions/graph/busy",
              """
              name: busy
              nodes: [{name: wait, type: tool_node, tool: bash, arguments: {command: sleep 50}}]
              edges: [{from: START, to: wait}, {from: wait, to: END}]
              """);
      String id = start(main, "busy", Json.object());
      String body = "{\"kind\": \"graph\", \"name\": \"busy\"}";
      JsonNode refused = post(main + "/v1/executions", "application/json", body);
      assertThat(refused.toString()).contains("(max 1)", "TOO_MANY_EXECUTIONS");
      JsonNode there =
          post(
              server.computeUrl() + "/graphs/busy/execute",
              "application/json",
              "{\"async\": true}");
      assertThat(there.at("/error/code").asString()).isEqualTo("ERR_RATE_001");
      var _ = post(main + "/v1/executions/" + id + "/cancel", "application/json", "{}");
    }
  }

  @Test
  void whatGoesOnAndWhatIsRepeatedCountsForTheLimitToo() throws Exception {
    Map<String, String> environment = environment("repeats");
    environment.put("WINDLASS_COMPUTE_MAX_CONCURRENT", "1");
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      String main = server.mainUrl();
      var _ =
          put(
              main + "/v1/definitions/graph/long",
              """
              name: long
              nodes: [{name: wait, type: tool_node, tool: bash, arguments: {command: sleep 50}}]
              edges: [{from: START, to: wait}, {from: wait, to: END}]
              """);
      String old = main + "/v1/executions/" + start(main, "long", Json.object());
      var _ = post(old + "/cancel", "application/json", "{}");
      String id = old.substring(old.lastIndexOf('/') + 1);
      JsonNode schedule =
          post(
              main + "/v1/schedules",
              "application/json",
              "{\"kind\": \"graph\", \"name\": \"long\", \"cron\": \"0 0 1 1 *\", \"enabled\": false}");
      String byHand = main + "/v1/schedules/" + schedule.path("id").asString() + "/run";
      String busy = start(main, "long", Json.object());

      for (String again : List.of(old + "/resume", old + "/rerun", byHand)) {
        JsonNode refused = post(again, "application/json", "{}");
        assertThat(refused.path("status").intValue()).as(refused.toString()).isEqualTo(429);
        assertThat(refused.path("detail").asString())
            .contains("(max 1)", "WINDLASS_COMPUTE_MAX_CONCURRENT");
      }
      for (String tool : List.of("resume_execution", "rerun_execution")) {
        JsonNode refused = call(main, tool, Json.object().put("execution_id", id));
        assertThat(refused.toString()).contains("\"isError\":true", "COMPUTE_MAX_CONCURRENT");
      }
      var _ = post(main + "/v1/executions/" + busy + "/cancel", "application/json", "{}");
      assertThat(admitted(old + "/resume").path("id").asString()).isEqualTo(id);
      var _ = post(old + "/cancel", "application/json", "{}");
      JsonNode rerun = admitted(old + "/rerun");
      assertThat(post(byHand, "application/json", "{}").path("status").intValue()).isEqualTo(429);
      var _ =
          post(
              main + "/v1/executions/" + rerun.path("id").asString() + "/cancel",
              "application/json",
              "{}");
    }
  }

  @Test
  void aQuestionIsFoundByEveryRunAboveIt() throws Exception {
    Map<String, String> environment = environment("nested");
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      String main = server.mainUrl();
      var _ =
          put(
              main + "/v1/definitions/graph/inner",
              """
              name: inner
              nodes: [{name: ask, type: human_node, question: "Keep it?", output: choice}]
              edges: [{from: START, to: ask}, {from: ask, to: END}]
              output: "{choice}"
              """);
      for (String[] above : new String[][] {{"middle", "inner"}, {"outer", "middle"}}) {
        JsonNode saved =
            put(
                main + "/v1/definitions/graph/" + above[0],
                """
                name: %s
                nodes: [{name: in-%s, type: subgraph, graph: %s, output: said}]
                edges: [{from: START, to: in-%s}, {from: in-%s, to: END}]
                output: "{said}"
                """
                    .formatted(above[0], above[1], above[1], above[1], above[1]));
        assertThat(saved.path("version").intValue()).as(saved.toString()).isEqualTo(1);
      }
      String id = start(main, "outer", Json.object());
      String other = start(main, "inner", Json.object());
      String within = main + "/v1/approvals?within=";
      JsonNode asked = questions(within + id);

      assertThat(asked.path("path").asString()).isEqualTo("in-middle/in-inner/ask");
      assertThat(questions(within + asked.path("public_id").asString()).path("path").asString())
          .isEqualTo("ask");
      assertThat(questions(within + other).path("execution_id").asString()).isEqualTo(other);
      assertThat(get(within + "nobody").path("status").intValue()).isEqualTo(404);
      JsonNode status = call(main, "chain_status", Json.object().put("execution_id", id));
      JsonNode told = status.at("/result/structuredContent/pending_approvals/0");
      assertThat(told.path("id")).isEqualTo(asked.path("id"));
      JsonNode decided =
          call(
              main,
              "approve_gate",
              Json.object().put("execution_id", id).put("step_id", told.path("path").asString()));
      assertThat(decided.at("/result/isError").booleanValue()).as(decided.toString()).isFalse();
      assertThat(awaitEnd(main, id).path("status").asString()).isEqualTo("succeeded");
      assertThat(get(within + id).path("items")).isEmpty();
      assertThat(get(within + id + "&status=decided").at("/items/0/path").asString())
          .isEqualTo("in-middle/in-inner/ask");
    }
  }

  @Test
  void aDocumentWithFaultsIsRefusedWithAllOfThem() throws Exception {
    Map<String, String> environment = environment("faults");
    try (Server server = Server.open(Config.read(environment, folder), environment)) {
      JsonNode refused =
          put(
              server.mainUrl() + "/v1/definitions/graph/bad",
              "name: bad\nnodes: [{name: a, type: odd}]\nedges: [{from: b, to: a}]\n");
      assertThat(refused.toString())
          .contains("nodes.0.type", "there is no node type", "edges.0.from", "no node");
      JsonNode listed = get(server.mainUrl() + "/v1/definitions/graph");
      assertThat(listed.toString()).contains("ASIS", "map_reduce").doesNotContain("\"bad\"");
    }
  }

  /** Writes the script with each answer marked by its number; gives how many there are. */
  private int script(String name) throws IOException {
    ObjectNode script =
        (ObjectNode)
            Json.tree(
                new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(EXAMPLES.resolve(name + ".script.yaml"))));
    assertThat(script.path("strict").asBoolean(true)).isTrue();
    int number = 0;
    for (JsonNode answer : script.path("answers")) {
      ((ObjectNode) answer).put("output_tokens", ++number);
    }
    Files.writeString(folder.resolve(name + ".json"), Json.write(script));
    return number;
  }

  private Map<String, String> environment(String name) {
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_HOME", folder.resolve("home-" + name).toString());
    environment.put("WINDLASS_LIBRARY_DIR", LIBRARY.toAbsolutePath().normalize().toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "off");
    if (!url.isEmpty()) {
      environment.put("WINDLASS_DATABASE_URL", url);
    }
    return environment;
  }

  private String start(String main, String name, ObjectNode input) throws Exception {
    String body = Json.write(Map.of("kind", "graph", "name", name, "input", input));
    JsonNode started = post(main + "/v1/executions", "application/json", body);
    return started.path("id").asString(started.toString());
  }

  private JsonNode question(String main) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < deadline) {
      List<JsonNode> open = List.copyOf(get(main + "/v1/approvals").path("items").values());
      if (!open.isEmpty()) {
        return open.getFirst();
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new AssertionError("nobody asks");
  }

  /** Asks until there is room: what was cancelled may leave a moment later. */
  private JsonNode admitted(String address) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    JsonNode answer = post(address, "application/json", "{}");
    while (answer.path("status").isInt() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
      answer = post(address, "application/json", "{}");
    }
    return answer;
  }

  /** The one open question there, once it is asked. */
  private JsonNode questions(String address) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode open = get(address).path("items");
      if (!open.isEmpty()) {
        assertThat(open).hasSize(1);
        return open.path(0);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new AssertionError("nobody asks");
  }

  /** Calls a tool for MCP clients. */
  private JsonNode call(String main, String tool, ObjectNode arguments) throws Exception {
    ObjectNode message = Json.object().put("jsonrpc", "2.0").put("id", 1);
    message
        .put("method", "tools/call")
        .putObject("params")
        .put("name", tool)
        .set("arguments", arguments);
    return post(main + "/mcp", "application/json", message.toString());
  }

  /** Says yes to whatever is asked. */
  private JsonNode endedWithApprovals(String main, String id) throws Exception {
    JsonNode seen = Json.object();
    long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!OVER.contains(seen.path("status").asString("")) && System.nanoTime() < deadline) {
      for (JsonNode open : get(main + "/v1/approvals").path("items")) {
        String decide = main + "/v1/approvals/" + open.path("id").asString() + "/decide";
        var _ = post(decide, "application/json", "{\"approved\": true}");
      }
      TimeUnit.MILLISECONDS.sleep(10);
      seen = get(main + "/v1/executions/" + id);
    }
    return seen;
  }

  private JsonNode awaitEnd(String main, String id) throws Exception {
    JsonNode seen = Json.object();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!OVER.contains(seen.path("status").asString("")) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
      seen = get(main + "/v1/executions/" + id);
    }
    return seen;
  }

  private JsonNode get(String address) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(address)));
  }

  private JsonNode post(String address, String type, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  private JsonNode put(String address, String yaml) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "text/yaml")
            .PUT(BodyPublishers.ofString(yaml)));
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    return Json.read(client.send(request.build(), BodyHandlers.ofString()).body());
  }
}
