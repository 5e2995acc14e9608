package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.windlass.http.OpenApiContract;
import io.windlass.kernel.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Dry runs over HTTP, on the whole server, beside a world that must not notice them. */
final class DryRunTest {
  private static final OpenApiContract CONTRACT =
      OpenApiContract.loadStrict("/openapi/unified.yaml", "");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static final String CHAIN =
      """
      name: Release
      inputs:
        - {name: topic, type: string, required: true}
      steps:
        - id: gather
          type: agent
          model: gpt-4o
          prompt: "About {topic}: {log} {page} {now}. Answer in JSON: {\\"verdict\\": \\"…\\", \\"score\\": 7}"
          output_schema: json
          output_var: facts
          pre_tools:
            - {type: current_datetime, inject_as: now, format: unix}
            - {type: bash, inject_as: log, command: "touch BASH-RAN"}
            - {type: http_fetch, inject_as: page, url: "WORLD/page"}
            - {type: write_file, inject_as: saved, path: out.txt, content: "x"}
        - id: only_if
          type: transform
          operation: template
          prompt: x
          template_str: never
          condition: '{facts} contains "ship it"'
          depends_on: [gather]
          output_var: extra
        - id: gate
          type: gate
          prompt: "Release {topic}?"
          depends_on: [gather]
          output_var: ok
        - id: tell
          type: webhook
          prompt: x
          webhook_url: "WORLD/hook"
          depends_on: [gate]
          output_var: told
        - id: sum
          type: transform
          operation: template
          prompt: x
          template_str: "{facts}|{extra}|{ok}|{told}"
          depends_on: [only_if, tell]
          output_var: sum
      output: sum
      """;

  @TempDir Path folder;
  private final AtomicInteger noticed = new AtomicInteger();
  private HttpServer world;

  @BeforeEach
  void open() throws Exception {
    world = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    world.createContext(
        "/",
        exchange -> {
          noticed.incrementAndGet();
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    world.start();
  }

  @AfterEach
  void close() {
    world.stop(0);
  }

  @Test
  void runsTheWholeFlow_andTheWorldNoticesNothing() throws Exception {
    try (Server server = open(Map.of())) {
      JsonNode told = plan(server, "plan", draft(chain(), "{\"topic\":\"tea\"}", null));

      assertThat(told.path("status").stringValue()).isEqualTo("succeeded");
      assertThat(step(told, "gather").path("output").stringValue())
          .isEqualTo(
              "{\"verdict\":\"dry run: stand-in for the answer of openai/gpt-4o\",\"score\":7}");
      assertThat(step(told, "gather").path("prompt").stringValue())
          .startsWith("About tea: [dry run: stand-in for the result of bash] [dry run: ")
          .containsPattern("\\] \\d{10}\\. Answer");
      assertThat(notes(told, "gather")).contains("touch BASH-RAN", "/page", "out.txt");
      assertThat(step(told, "only_if").path("status").stringValue()).isEqualTo("skipped");
      assertThat(step(told, "only_if").path("reason").stringValue()).contains("condition not met");
      assertThat(notes(told, "gate")).contains("Approved by itself: Release tea?");
      assertThat(notes(told, "tell")).contains("webhook not carried out", "/hook");
      assertThat(told.path("result").stringValue()).contains("||approved|[dry run: ");
      assertThat(told.path("waves").toString())
          .isEqualTo("[[\"gather\"],[\"only_if\",\"gate\"],[\"tell\"],[\"sum\"]]");
      assertThat(noticed).hasValue(0);
      assertThat(files("BASH-RAN")).isZero();
      assertThat(files("out.txt")).isZero();
      assertThat(get(server, "/v1/executions").path("items")).isEmpty();
      assertThat(get(server, "/v1/approvals?status=all").path("items")).isEmpty();
      assertThat(get(server, "/v1/definitions/chain").path("items")).isEmpty();
    }
  }

  @Test
  void takesAnswersOfAScript_forModelsAndTools() throws Exception {
    String script =
        """
        answers:
          - {step: gather, contains: "two commits", text: '"ship it"', output_tokens: 1000000}
          - {tool: bash, variable: log, text: two commits}
          - {tool: webhook, match: /hook, text: heard}
        """;
    try (Server server = open(Map.of())) {
      JsonNode told = plan(server, "plan", draft(chain(), "{\"topic\":\"tea\"}", script));

      assertThat(told.path("result").stringValue()).isEqualTo("\"ship it\"|never|approved|heard");
      JsonNode call = told.path("calls").path(0);
      assertThat(call.path("asked").stringValue()).isEqualTo("gpt-4o");
      assertThat(call.path("model").stringValue()).isEqualTo("openai/gpt-4o");
      assertThat(call.path("scripted").intValue()).isEqualTo(1);
      // A million tokens of output at 10 dollars, and a little input, of which one text is assumed.
      assertThat(told.path("cost_usd").doubleValue()).isBetween(10.001, 10.002);
      assertThat(told.path("prices_as_of").stringValue()).matches("20\\d\\d-\\d\\d");
    }
  }

  @Test
  void takesAScriptForAModel_whereNoneIsSetUp() throws Exception {
    String chain =
        """
        name: Told
        steps:
          - {id: ask, prompt: hi, output_var: said, early_exit_if: '{windlass.model} == "offline"'}
        output: said
        """;
    try (Server server = open(Map.of("OPENAI_API_KEY", ""))) {
      String script = "answers: [{step: ask, text: hello}]";
      assertThat(plan(server, "plan", draft(chain, "{}", script)).path("result").asString())
          .isEqualTo("hello");
      assertThat(plan(server, "plan", draft(chain, "{}", null)).path("result").asString())
          .isEmpty();
    }
  }

  @Test
  void knowsNoCostWithoutAPrice_andNoneIsZero() throws Exception {
    String url = "http://127.0.0.1:" + world.getAddress().getPort() + "/v1";
    try (Server server = open(Map.of("OPENAI_BASE_URL", url))) {
      JsonNode told = plan(server, "plan", draft(chain(), "{\"topic\":\"tea\"}", null));
      assertThat(told.path("cost_usd").isNull()).isTrue();
      assertThat(told.path("input_tokens").longValue()).isGreaterThan(1_000);
    }
    Files.writeString(
        folder.resolve("home/prices.yaml"),
        "providers: {openai: {models: {'*': {input: 1000, output: 0}}}}");
    try (Server server = open(Map.of("OPENAI_BASE_URL", url))) {
      JsonNode told = plan(server, "plan", draft(chain(), "{\"topic\":\"tea\"}", null));
      assertThat(told.path("cost_usd").doubleValue())
          .isEqualTo(told.path("input_tokens").longValue() / 1_000.0);
    }
    try (Server server = open(Map.of("OPENAI_API_KEY", ""))) {
      JsonNode told = plan(server, "plan", draft(chain(), "{\"topic\":\"tea\"}", null));
      assertThat(told.path("calls").path(0).path("model").stringValue()).isEqualTo("offline");
      assertThat(told.path("cost_usd").intValue()).isZero();
      assertThat(told.path("cost_usd").isNull()).isFalse();
    }
    assertThat(noticed).hasValue(0);
  }

  @Test
  void tellsFaultsAndWhatWouldFail() throws Exception {
    try (Server server = open(Map.of())) {
      JsonNode missing = plan(server, "plan", draft(chain(), "{}", null));
      assertThat(missing.path("status").stringValue()).isEqualTo("invalid");
      assertThat(missing.path("problems").toString()).contains("Missing required input topic");

      JsonNode circle =
          plan(
              server,
              "plan",
              draft(
                  chain().replace("id: gather", "id: gather\n    depends_on: [sum]"), "{}", null));
      assertThat(circle.path("problems").toString()).contains("Circular dependency");

      JsonNode broken = plan(server, "plan", draft("name: [", "{}", null));
      assertThat(broken.path("status").stringValue()).isEqualTo("invalid");
      assertThat(broken.path("problems")).isNotEmpty();

      JsonNode unbuilt =
          plan(
              server,
              "plan",
              draft(
                  chain()
                      .replace(
                          "type: webhook", "type: merge\n    inputs: [facts]\n    strategy: vote"),
                  "{\"topic\":\"x\"}",
                  null));
      assertThat(unbuilt.path("status").stringValue()).isEqualTo("invalid");
      assertThat(unbuilt.path("problems").toString())
          .contains("there is no merge strategy \\\"vote\\\": there are concatenate, json_array");

      JsonNode noFile =
          plan(
              server,
              "plan",
              draft(
                  chain().replace("inputs:", "inputs:\n  - {name: paper, type: file}"),
                  "{\"topic\":\"x\",\"paper\":\"none.md\"}",
                  null));
      assertThat(noFile.path("status").stringValue()).isEqualTo("invalid");
      assertThat(noFile.path("problems").toString()).contains("there is no file \\\"none.md\\\"");

      HttpResponse<String> badScript =
          send(server, "plan", draft(chain(), "{}", "answers: [{step: a}]"));
      assertThat(badScript.statusCode()).isEqualTo(400);
      assertThat(badScript.body()).contains("answers.0", "needs text");
    }
  }

  @Test
  void endsEarlyAndRunsSubchainsAndPipelines() throws Exception {
    String child =
        """
        name: Child
        steps:
          - {id: say, type: agent, model: gpt-4o-mini, prompt: "Say {who}", output_var: said}
          - id: stop
            type: transform
            operation: template
            prompt: x
            template_str: x
            early_exit_if: '{said} contains "dry run"'
            depends_on: [say]
            output_var: rest
        output: said
        """;
    String parent =
        """
        name: Parent
        steps:
          - {id: sub, type: subchain, prompt: x, subchain: child, subchain_input_map: {who: me}, output_var: out}
        output: out
        """;
    try (Server server = open(Map.of())) {
      put(server, "chain/child", child);
      put(server, "chain/parent", parent);
      put(
          server,
          "pipeline/line",
          "name: Line\nchains: [{id: one, chain: parent}, {id: two, chain: child, depends_on: [one]}]\noutput: two\n");

      long begun = System.nanoTime();
      JsonNode told = get(server, "/v1/definitions/chain/parent/plan");
      long millis = (System.nanoTime() - begun) / 1_000_000;

      JsonNode run = step(told, "sub").path("runs").path(0);
      assertThat(run.path("ended_early").stringValue()).isEqualTo("stop");
      assertThat(run.path("steps").path(0).path("prompt").stringValue()).isEqualTo("Say me");
      assertThat(told.path("result").stringValue()).contains("stand-in for the answer");
      assertThat(millis).isLessThan(15_000);

      JsonNode line = plan(server, "line/plan", Json.object(), "pipeline");
      assertThat(line.path("status").stringValue()).isEqualTo("succeeded");
      assertThat(line.path("calls").path(0).path("calls").intValue()).isEqualTo(2);
      assertThat(get(server, "/v1/executions").path("items")).isEmpty();
    }
  }

  private String chain() {
    return CHAIN.replace("WORLD", "http://127.0.0.1:" + world.getAddress().getPort());
  }

  private static ObjectNode draft(String source, String input, @Nullable String script) {
    ObjectNode draft = Json.object().put("source", source).put("name", "release");
    draft.set("input", Json.read(input));
    return script == null ? draft : draft.put("script", script);
  }

  private static JsonNode step(JsonNode told, String id) {
    return StreamSupport.stream(told.path("steps").spliterator(), false)
        .filter(step -> step.path("id").stringValue().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String notes(JsonNode told, String id) {
    return step(told, id).path("notes").toString();
  }

  private long files(String name) throws Exception {
    try (var all = Files.walk(folder)) {
      return all.filter(file -> file.endsWith(name)).count();
    }
  }

  private Server open(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_HOME", folder.resolve("home").toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "off");
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    environment.put("OPENAI_API_KEY", "sk-test");
    environment.putAll(more);
    return Server.open(Config.read(environment, folder), environment);
  }

  private static JsonNode plan(Server server, String path, ObjectNode body) throws Exception {
    return plan(server, path, body, "chain");
  }

  private static JsonNode plan(Server server, String path, ObjectNode body, String kind)
      throws Exception {
    HttpResponse<String> answer = send(server, kind, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(CONTRACT.hold(answer, Json.write(body)).body());
  }

  private static HttpResponse<String> send(Server server, String path, ObjectNode body)
      throws Exception {
    return send(server, "chain", path, body);
  }

  private static HttpResponse<String> send(Server server, String kind, String path, ObjectNode body)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(
                URI.create(server.mainUrl() + "/v1/definitions/" + kind + "/" + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.write(body)))
            .build(),
        BodyHandlers.ofString());
  }

  private static JsonNode get(Server server, String path) throws Exception {
    return Json.read(
        CONTRACT
            .hold(
                CLIENT.send(
                    HttpRequest.newBuilder(URI.create(server.mainUrl() + path)).build(),
                    BodyHandlers.ofString()))
            .body());
  }

  private static void put(Server server, String path, String yaml) throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(server.mainUrl() + "/v1/definitions/" + path))
                .header("Content-Type", "text/yaml")
                .PUT(BodyPublishers.ofString(yaml))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }
}
