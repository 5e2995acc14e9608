package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * Every definition of the library with its example, on a whole server over HTTP: no finding of
 * lint, all of its script's answers used, and what its example expects in the result.
 */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class LibraryTest {
  private static final Path LIBRARY = Path.of("../library");
  private static final Path EXAMPLES = LIBRARY.resolve("examples");
  private static final byte[] PICTURE =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  /** Log lines of a definition that does what it is made for. */
  private static final Set<String> EXPECTED_WARNINGS =
      Set.of("did not pass", "trying model", "no-such-file.md");

  @Parameter private TestStore store;
  private HttpClient client;
  private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
  private Path folder;
  private String url;
  private HttpServer others;

  static Stream<String> definitions() throws IOException {
    List<String> found = new ArrayList<>();
    for (String kind : List.of("chain", "pipeline", "graph", "workflow")) {
      try (Stream<Path> files = Files.list(LIBRARY.resolve(kind + "s"))) {
        files.forEach(file ->
            found.add(kind + "/" + file.getFileName().toString().replaceFirst("\\.ya?ml$", "")));
      }
    }
    return found.stream().sorted();
  }

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path temp) throws Exception {
    store = database;
    folder = temp;
    client = HttpClient.newHttpClient();
    String given = store.newUrl();
    url = given == null ? "" : given;
    others = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    others.createContext(
        "/",
        exchange -> {
          String asked =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String path = exchange.getRequestURI().getPath();
          String answer =
              "<html><script>let x;</script><h1>Example</h1>Use it without asking.</html>";
          if (path.equals("/v1/images/generations")) {
            String base64 = Base64.getEncoder().encodeToString(PICTURE);
            answer = Json.write(Map.of("data", List.of(Map.of("b64_json", base64))));
          } else if (path.equals("/hook")) {
            sent.add(asked);
          }
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    others.start();
    Process samples =
        new ProcessBuilder(
                "bash",
                EXAMPLES.resolve("samples.sh").toString(),
                folder.resolve("workspace").toString())
            .redirectErrorStream(true)
            .start();
    String told = new String(samples.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(samples.waitFor()).as(told).isZero();
  }

  @AfterParameterizedClassInvocation
  void close() {
    others.stop(0);
    client.close();
  }

  @ParameterizedTest
  @MethodSource("definitions")
  @Timeout(60)
  void doesWhatItsExampleExpects(String definition) throws Exception {
    String kind = definition.substring(0, definition.indexOf('/'));
    String name = definition.substring(definition.indexOf('/') + 1);
    int answers = script(name);
    try (Server server = Server.open(Config.read(environment(name), folder), environment(name))) {
      String main = server.mainUrl();
      JsonNode found = validated(main, kind, name);
      assertThat(found.path("valid").asBoolean()).as(found.toPrettyString()).isTrue();
      assertThat(found.path("warnings")).isEmpty();
      JsonNode planned = dryRun(main, kind, name);
      assertThat(planned.path("status").asString())
          .as(planned.toPrettyString())
          .isEqualTo("succeeded");
      assertThat(planned.findValues("notes"))
          .flatExtracting(JsonNode::values)
          .extracting(JsonNode::asString)
          .noneMatch(note -> note.startsWith("Pre-tool "));
      JsonNode ended = run(main, kind, name);
      assertThat(ended.path("status").asString()).as(ended.toPrettyString()).isEqualTo("succeeded");
      assertThat(Json.show(ended.get("result")))
          .contains(Files.readAllLines(EXAMPLES.resolve(name + ".expect.txt")))
          .doesNotContain("PRE-TOOL ERROR", "[ERROR:", "{{")
          .doesNotContainPattern("\\{[a-z_]+(\\.[a-z_]+)?}");
      List<JsonNode> events = events(main, ended.path("created_at").asString());
      Set<Integer> used = new TreeSet<>();
      events.forEach(event -> event.findValues("outputTokens").forEach(n -> used.add(n.asInt())));
      used.remove(0);
      assertThat(used)
          .as("the answers of %s.script.yaml that were used, counted from 1", name)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, answers).boxed().toList());
      assertThat(events)
          .filteredOn(event -> event.path("level").asString("").equalsIgnoreCase("warn"))
          .filteredOn(event ->
              EXPECTED_WARNINGS.stream().noneMatch(event.path("message").asString()::contains))
          .isEmpty();
    }
    if (input(name).has("webhook")) {
      assertThat(sent).anyMatch(body -> body.contains("\"product\": \"Shop\""));
    }
  }

  @Test
  void showsEveryStepTypeAndMostPreTools() throws Exception {
    Set<String> types = new TreeSet<>(Set.of("agent"));
    Set<String> tools = new TreeSet<>();
    try (Stream<Path> files = Files.list(LIBRARY.resolve("chains"))) {
      for (Path file : files.toList()) {
        for (JsonNode step : yaml(file).path("steps")) {
          types.add(step.path("type").asString("agent"));
          step.findValues("pre_tools")
              .forEach(calls -> calls.forEach(call -> tools.add(call.path("type").asString())));
        }
      }
    }
    assertThat(types)
        .contains("router", "gate", "evaluator", "transform", "gather", "loop", "merge")
        .contains("subchain", "debate", "webhook", "image_gen");
    assertThat(tools).hasSizeGreaterThanOrEqualTo(19);
  }

  @Test
  void showsEveryNodeTypeOfGraphs_andWhatWorkflowsAreMadeOf() throws Exception {
    Set<String> types = new TreeSet<>();
    Set<String> edges = new TreeSet<>();
    Set<String> reducers = new TreeSet<>();
    Set<String> fields = new TreeSet<>();
    for (Path file : files("graphs")) {
      JsonNode graph = yaml(file);
      graph.path("nodes").forEach(node -> types.add(node.path("type").asString()));
      graph.path("edges").forEach(edge -> edges.addAll(edge.propertyNames()));
      graph.path("state").findValuesAsString("reducer").forEach(reducers::add);
    }
    for (Path file : files("workflows")) {
      yaml(file)
          .at("/strategy_definition/steps")
          .forEach(step -> fields.addAll(step.propertyNames()));
    }
    assertThat(types).contains("llm_node", "tool_node", "router_node", "transform_node", "loop");
    assertThat(edges).contains("condition", "else", "default");
    assertThat(reducers).contains("append", "add");
    assertThat(fields)
        .contains("prompt", "graph_name", "graph_input", "dependencies", "parallel_execution")
        .contains("retry_policy", "estimated_duration", "output_schema");
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(LIBRARY.resolve(folder))) {
      return files.toList();
    }
  }

  private JsonNode validated(String main, String kind, String name) throws Exception {
    Path file = LIBRARY.resolve(kind + "s").resolve(name + ".yaml");
    return send(
        HttpRequest.newBuilder(
                URI.create(main + "/v1/definitions/" + kind + "/validate?name=" + name))
            .header("Content-Type", "text/yaml")
            .POST(BodyPublishers.ofFile(file)));
  }

  /** As for a newcomer: with the example's input and answers, before anything has run. */
  private JsonNode dryRun(String main, String kind, String name) throws Exception {
    ObjectNode draft = Json.object();
    draft.set("input", input(name));
    draft.put("script", Files.readString(EXAMPLES.resolve(name + ".script.yaml")));
    return post(main + "/v1/definitions/" + kind + "/" + name + "/plan", Json.write(draft));
  }

  private Map<String, String> environment(String name) {
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_HOME", folder.resolve("home").toString());
    environment.put("WORKSPACE_DIR", folder.resolve("workspace").toString());
    environment.put("WINDLASS_LIBRARY_DIR", LIBRARY.toAbsolutePath().normalize().toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "off");
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    environment.put("WINDLASS_ALLOW_PRIVATE_FETCH", "true");
    environment.put("WINDLASS_MODEL_SCRIPT", folder.resolve(name + ".json").toString());
    environment.put("OPENAI_API_KEY", "none");
    environment.put("OPENAI_BASE_URL", address() + "/v1");
    if (!url.isEmpty()) {
      environment.put("WINDLASS_DATABASE_URL", url);
    }
    return environment;
  }

  private String address() {
    return "http://127.0.0.1:" + others.getAddress().getPort();
  }

  /** Writes the script with each text of a model marked by a number; gives how many there are. */
  private int script(String name) throws IOException {
    ObjectNode script = (ObjectNode) yaml(EXAMPLES.resolve(name + ".script.yaml"));
    assertThat(script.path("strict").asBoolean(true)).isTrue();
    int number = 0;
    for (JsonNode answer : script.path("answers")) {
      if (!answer.has("failure") && !answer.has("tool")) {
        ((ObjectNode) answer).put("output_tokens", ++number);
      }
    }
    Files.writeString(folder.resolve(name + ".json"), Json.write(script));
    return number;
  }

  private static JsonNode yaml(Path file) throws IOException {
    return Json.tree(
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
  }

  /** The example's input; what it leaves out because it would reach others, reaches the test. */
  private ObjectNode input(String name) throws IOException {
    String text = Files.readString(EXAMPLES.resolve(name + ".input.json"));
    ObjectNode input = (ObjectNode) Json.read(text.replace("https://example.org", address()));
    if (input.has("webhook")) {
      input.put("webhook", address() + "/hook");
    }
    if (input.has("picture")) {
      input.put("picture", true);
    }
    return input;
  }

  /** Runs it to its end, and says yes to whatever is asked. */
  private JsonNode run(String main, String kind, String name) throws Exception {
    String start = Json.write(Map.of("kind", kind, "name", name, "input", input(name)));
    JsonNode seen = post(main + "/v1/executions", start);
    String id = seen.path("id").asString(seen.toString());
    long deadline = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (!Set.of("succeeded", "failed", "cancelled").contains(seen.path("status").asString())
        && System.nanoTime() < deadline) {
      for (JsonNode open : get(main + "/v1/approvals").path("items")) {
        String decide = main + "/v1/approvals/" + open.path("id").asString() + "/decide";
        var _ = post(decide, "{\"approved\":true}");
      }
      TimeUnit.MILLISECONDS.sleep(10);
      seen = get(main + "/v1/executions/" + id);
    }
    return seen;
  }

  /** Of the execution and of all that it started: the only ones since then. */
  private List<JsonNode> events(String main, String since) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    for (JsonNode one :
        get(main + "/v1/executions?limit=200&created_after=" + since).path("items")) {
      String id = one.path("id").asString();
      get(main + "/v1/executions/" + id + "/events?limit=1000").path("items").forEach(events::add);
    }
    return events;
  }

  private JsonNode get(String address) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(address)));
  }

  private JsonNode post(String address, String json) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    return Json.read(client.send(request.build(), BodyHandlers.ofString()).body());
  }
}
