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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The fields that steps and inputs have in common, on the whole server, over HTTP. */
final class CommonFieldsTest {
  private static final OpenApiContract CHAINS =
      OpenApiContract.loadStrict("/openapi/chains.yaml", "");
  private static final OpenApiContract UNIFIED =
      OpenApiContract.loadStrict("/openapi/unified.yaml", "");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private static final String SCRIPT =
      """
      strict: true
      answers:
        - {model: broken, times: 2, failure: {status: 503, message: down}}
        - {step: cached, text: "an answer", input_tokens: 12, output_tokens: 34}
        - {model: haiku, contains: Shorten, text: brief}
        - {step: first, contains: look at fact, text: seen}
        - {step: row, model: sound, text: from the second}
        - {step: last, match: "A: \\\\[Summary of 2000 characters\\\\] brief, D: d+$", text: compressed}
      """;

  @TempDir Path folder;

  @Test
  void answersACachedStepFromTheCache_alsoAfterARestart() throws Exception {
    String chain =
        """
        name: Cached
        inputs: [{name: topic}]
        steps:
          - {id: cached, prompt: "About {topic}", output_var: out, cache: {enabled: true, ttl_minutes: 5}}
        output: out
        """;
    try (Server server = open(Map.of())) {
      save(server, "cached", chain);
      assertThat(frames(server, start(server, "cached", "{\"topic\":\"tea\"}")))
          .noneMatch(frame -> type(frame).equals("step_cache_hit"));
      assertHit(frames(server, start(server, "cached", "{\"topic\":\"tea\"}")));
      assertThat(frames(server, start(server, "cached", "{\"topic\":\"milk\"}")))
          .noneMatch(frame -> type(frame).equals("step_cache_hit"));
    }
    try (Server server = open(Map.of())) {
      assertHit(frames(server, start(server, "cached", "{\"topic\":\"tea\"}")));
    }
  }

  private static void assertHit(List<JsonNode> frames) {
    assertThat(frames)
        .extracting(CommonFieldsTest::type)
        .containsSubsequence("step_started", "step_cache_hit", "step_done", "execution_done");
    JsonNode done =
        frames.stream().filter(frame -> type(frame).equals("step_done")).findFirst().orElseThrow();
    assertThat(done.path("durationMs").asLong()).isZero();
    assertThat(done.path("inputTokens").asLong()).isEqualTo(12);
    assertThat(done.path("outputTokens").asLong()).isEqualTo(34);
    assertThat(frames.getLast().path("result").asString()).isEqualTo("an answer");
  }

  @Test
  void carriesOutThePreToolsOfAGather_andNotThoseOfATransform() throws Exception {
    try (Server server = open(Map.of())) {
      for (String type : List.of("transform", "gather")) {
        save(
            server,
            type,
            """
            name: Prepared
            inputs: [{name: mark}]
            steps:
              - id: t
                type: TYPE
                pre_tools: [{type: bash, command: "touch {mark}; echo seen", inject_as: got}]
                operation: template
                template_str: "{got|nothing}"
                prompt: x
                output_var: out
            output: out
            """
                .replace("TYPE", type));
      }
      Path mark = folder.resolve("mark");
      String input = Json.object().put("mark", mark.toString()).toString();
      List<JsonNode> ignored = frames(server, start(server, "transform", input));
      assertThat(ignored.getLast().path("result").asString()).isEqualTo("nothing");
      assertThat(mark).doesNotExist();
      List<JsonNode> run = frames(server, start(server, "gather", input));
      assertThat(run.getLast().path("result").asString()).isEqualTo("seen");
      assertThat(mark).exists();
    }
  }

  @Test
  void keepsWhatThePreToolsOfAnAgentGathered_forTheStepsAfterIt() throws Exception {
    try (Server server = open(Map.of())) {
      save(
          server,
          "gathered",
          """
          name: Gathered
          inputs: [{name: log}]
          steps:
            - id: first
              prompt: "look at {got}"
              output_var: seen
              context_strategy: {got: "truncate:4"}
              pre_tools: [{type: bash, command: "echo once >> {log}; echo facts found", inject_as: got}]
            - {id: t, type: transform, operation: template, template_str: "<{got}>", prompt: x, output_var: out, depends_on: [first]}
          output: out
          """);
      Path log = folder.resolve("log");
      String input = Json.object().put("log", log.toString()).toString();
      List<JsonNode> run = frames(server, start(server, "gathered", input));
      assertThat(run.getLast().path("result").asString()).isEqualTo("<facts found>");
      assertThat(log).hasContent("once");
    }
  }

  @Test
  void decidesByDecimalsAsTheyAreWritten() throws Exception {
    try (Server server = open(Map.of())) {
      save(
          server,
          "amounts",
          """
          name: Amounts
          inputs:
            - {name: amount, type: number}
            - {name: share, type: number, enum: [0.0005]}
            - {name: more, type: json}
          steps:
            - {id: big, type: transform, condition: "{amount} > 1000000", operation: template, template_str: "{amount} {share} {more}", prompt: x, output_var: out}
          output: out
          """);
      String input =
          "{\"amount\": 12500000.5, \"share\": 0.0005, \"more\": {\"x\": [12345678.9, 1.0, 1e3]}}";
      assertThat(
              frames(server, start(server, "amounts", input)).getLast().path("result").asString())
          .isEqualTo("12500000.5 0.0005 {\"x\":[12345678.9,1,1000]}");
    }
  }

  @Test
  void givesEachFallbackModelAllAttempts() throws Exception {
    try (Server server = open(Map.of())) {
      save(
          server,
          "row",
          """
          name: Row
          steps:
            - {id: row, prompt: p, output_var: out, model: never, fallback_models: [broken, sound], retry: {max: 2, delay_ms: 1}}
          output: out
          """);
      List<JsonNode> frames = frames(server, start(server, "row", "{}"));
      assertThat(frames.getLast().path("result").asString()).isEqualTo("from the second");
      assertThat(frames)
          .filteredOn(frame -> type(frame).equals("step_log"))
          .extracting(frame -> frame.path("message").asString())
          .anyMatch(line -> line.contains("Model \"broken\" failed; trying model \"sound\""));
    }
  }

  @Test
  void keepsTheVariablesWithinTheirBudget() throws Exception {
    StringBuilder steps = new StringBuilder();
    String before = "";
    for (String name : List.of("a", "b", "c", "d")) {
      steps.append(
          "  - {id: %s, type: transform, operation: template, template_str: \"%s\", prompt: x, output_var: %s%s}\n"
              .formatted(name, name.repeat(2_000), name, before));
      before = ", depends_on: [" + name + "]";
    }
    try (Server server = open(Map.of())) {
      save(
          server,
          "budget",
          "name: Budget\nmax_context_chars: 6500\nsteps:\n"
              + steps
              + "  - {id: last, prompt: \"A: {a}, D: {d}\", output_var: out, depends_on: [d]}\noutput: out\n");
      List<JsonNode> frames = frames(server, start(server, "budget", "{}"));
      assertThat(frames.getLast().path("result").asString()).isEqualTo("compressed");
    }
  }

  @Test
  void refusesWrongInputsWithEveryFaultInEachSurfacesShape() throws Exception {
    String chain =
        """
        name: Typed
        inputs:
          - {name: topic}
          - {name: count, type: number, max: 5}
          - {name: doc, type: file, optional: true}
          - {name: kind, type: enum, enum: [a, b], enum_labels: {a: First, b: Second}, default: a}
        steps: [{id: t, type: transform, operation: template, template_str: "{kind}", prompt: x, output_var: out}]
        output: out
        """;
    String wrong = "{\"count\":9,\"doc\":\"../../etc/passwd\",\"kind\":\"z\"}";
    try (Server server = open(Map.of())) {
      save(server, "typed", chain);
      HttpResponse<String> refused =
          post(chains(server) + "/execute/typed", "{\"input\":" + wrong + "}");
      assertThat(CHAINS.hold(refused).statusCode()).isEqualTo(400);
      assertThat(Json.read(refused.body()).path("error").asString())
          .startsWith("Missing required input topic;")
          .contains(
              "the input count must be at most 5", "the input doc cannot be used", "kind must");

      HttpResponse<String> problem =
          post(
              server.mainUrl() + "/v1/executions",
              "{\"kind\":\"chain\",\"name\":\"typed\",\"input\":" + wrong + "}");
      assertThat(problem.statusCode()).isEqualTo(400);
      assertThat(Json.read(problem.body()).path("errors").valueStream())
          .extracting(fault -> fault.path("path").asString())
          .containsExactly("input.topic", "input.count", "input.doc", "input.kind");

      assertThat(
              post(
                      chains(server) + "/schedules",
                      "{\"chainName\":\"typed\",\"cron\":\"0 8 * * *\",\"input\":{\"topic\":\"x\",\"count\":9}}")
                  .statusCode())
          .isEqualTo(400);
      assertThat(
              post(
                      chains(server) + "/schedules",
                      "{\"chainName\":\"typed\",\"cron\":\"0 8 * * *\",\"input\":{\"topic\":\"x\",\"count\":2,\"doc\":\"later.txt\"}}")
                  .statusCode())
          .isEqualTo(201);

      JsonNode document = Json.read(CHAINS.hold(get(chains(server) + "/chains/typed/json")).body());
      assertThat(document.path("inputs").path(3).path("enum_labels").path("b").asString())
          .isEqualTo("Second");
      JsonNode inputs =
          Json.read(UNIFIED.hold(get(server.mainUrl() + "/v1/definitions/chain/typed")).body())
              .path("inputs");
      assertThat(inputs.path(1).path("rules").path("max").asInt()).isEqualTo(5);

      Files.writeString(folder.resolve("home/workspace/here.txt"), "x");
      assertThat(
              frames(
                      server,
                      start(server, "typed", "{\"topic\":\"x\",\"count\":1,\"doc\":\"here.txt\"}"))
                  .getLast()
                  .path("result")
                  .asString())
          .isEqualTo("a");
    }
  }

  @Test
  void servesThePicturesThatItMade() throws Exception {
    HttpServer images =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    images.createContext(
        "/v1/images/generations",
        exchange -> {
          byte[] body =
              ("{\"created\":1,\"data\":[{\"b64_json\":\"" + PNG + "\"}]}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    images.start();
    Map<String, String> more =
        Map.of(
            "OPENAI_API_KEY",
            "sk-test",
            "OPENAI_BASE_URL",
            "http://127.0.0.1:" + images.getAddress().getPort() + "/v1");
    try (Server server = open(more)) {
      save(
          server,
          "picture",
          "name: Picture\nsteps: [{id: p, type: image_gen, prompt: A kite, output_var: out}]\noutput: out\n");
      List<JsonNode> frames = frames(server, start(server, "picture", "{}"));
      JsonNode made = Json.read(frames.getLast().path("result").asString());
      HttpResponse<byte[]> image =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(chains(server) + made.path("image_url").asString()))
                  .build(),
              BodyHandlers.ofByteArray());
      assertThat(image.statusCode()).isEqualTo(200);
      assertThat(image.headers().firstValue("Content-Type").orElse("")).startsWith("image/png");
      assertThat(image.body()).isEqualTo(java.util.Base64.getDecoder().decode(PNG));
      for (String wrong :
          List.of("none.png", "..%2Fimages%2Fnone.png", "%2e%2e", ".image.part", "a.svg")) {
        HttpResponse<String> answer = get(chains(server) + "/images/" + wrong);
        assertThat(answer.statusCode()).as(wrong).isIn(400, 404);
      }
    } finally {
      images.stop(0);
    }
  }

  private Server open(Map<String, String> more) throws Exception {
    Path script = folder.resolve("script.yaml");
    Files.writeString(script, SCRIPT);
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_HOME", folder.resolve("home").toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "0");
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    environment.put("WINDLASS_MODEL_SCRIPT", script.toString());
    environment.putAll(more);
    return Server.open(Config.read(environment, folder), environment);
  }

  private static String chains(Server server) {
    return Objects.requireNonNull(server.chainsUrl());
  }

  private static void save(Server server, String name, String yaml) throws Exception {
    HttpResponse<String> saved =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(chains(server) + "/chains/" + name))
                .header("Content-Type", "text/yaml")
                .POST(BodyPublishers.ofString(yaml))
                .build(),
            BodyHandlers.ofString());
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(200);
  }

  private static String start(Server server, String name, String input) throws Exception {
    HttpResponse<String> started =
        post(chains(server) + "/execute/" + name, "{\"input\":" + input + "}");
    assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
    return Json.read(started.body()).path("executionId").asString();
  }

  /** The whole stream, which ends with the run. */
  private static List<JsonNode> frames(Server server, String id) throws Exception {
    return get(chains(server) + "/executions/" + id + "/stream")
        .body()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> Json.read(line.substring(6)))
        .toList();
  }

  private static String type(JsonNode frame) {
    return frame.path("type").asString();
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String url, String json) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }
}
