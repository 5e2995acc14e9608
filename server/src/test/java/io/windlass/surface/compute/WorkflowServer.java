package io.windlass.surface.compute;

import io.windlass.definition.Definition;
import io.windlass.definition.Outline;
import io.windlass.engine.Engine;
import io.windlass.engine.EngineConfig;
import io.windlass.graph.GraphKind;
import io.windlass.http.Address;
import io.windlass.http.Cors;
import io.windlass.http.HttpConfig;
import io.windlass.http.Listener;
import io.windlass.http.Mount;
import io.windlass.http.OpenApiContract;
import io.windlass.kernel.Json;
import io.windlass.mcp.McpServers;
import io.windlass.step.Caveat;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.store.TestStore;
import io.windlass.text.Template;
import io.windlass.workflow.WorkflowKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The routes of workflows over a real engine on a free port. */
final class WorkflowServer implements AutoCloseable {
  final Player player = new Player();
  final OpenApiContract contract = OpenApiContract.loadStrict("/openapi/compute.yaml", "");
  final Engine engine;
  final WorkflowPorts ports;
  private final McpServers mcp;
  private final ComputeSurface surface;
  private final Listener listener;
  private final HttpClient client = HttpClient.newHttpClient();

  WorkflowServer(Path folder, TestStore store) throws IOException {
    this(folder, store, new ComputeConfig.Limits(0, 50, 0));
  }

  WorkflowServer(Path folder, TestStore store, ComputeConfig.Limits limits) throws IOException {
    this(folder, store, limits, HttpConfig.OPEN);
  }

  WorkflowServer(Path folder, TestStore store, ComputeConfig.Limits limits, HttpConfig http)
      throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    AtomicReference<Engine> opened = new AtomicReference<>();
    GraphKind graphs = new GraphKind(Map.of("agent", player), Caveat.NONE);
    WorkflowKind workflows =
        new WorkflowKind(
            player,
            name ->
                opened
                    .get()
                    .definitions()
                    .find("graph", name)
                    .map(Definition::outline)
                    .map(Outline::inputs),
            "set-up"::equals,
            Caveat.NONE);
    engine =
        Engine.open(
            new EngineConfig(home, store.newUrl(), Duration.ofMillis(200), null),
            List.of(graphs, workflows));
    opened.set(engine);
    ports =
        new WorkflowPorts(
            engine.executions(),
            engine.approvals(),
            engine.definitions(),
            engine.history(),
            workflows,
            graphs,
            limits::admission,
            _ -> 0,
            InstantSource.system());
    Path workspace = Files.createDirectories(folder.resolve("workspace"));
    mcp =
        new McpServers(
            home.resolve("mcp_settings.json"), Map.of(), workspace, InstantSource.system());
    surface =
        new ComputeSurface(
            new ComputePorts(ports, mcp, new TestFigures(engine), InstantSource.system()),
            new ComputeConfig(
                Cors.ALL,
                limits,
                new ComputeConfig.Storage(workspace, workspace.resolve("output"), 0, null, null)),
            new Traffic(InstantSource.system()));
    listener =
        Listener.open(
            new Address("127.0.0.1", "WINDLASS_HOST", 0, "WINDLASS_COMPUTE_PORT"),
            List.of(Mount.root(new NamedCallers(surface))),
            http);
    engine.start();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(listener.baseUrl() + path))
        .timeout(Duration.ofSeconds(30));
  }

  String url() {
    return listener.baseUrl();
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return contract.hold(client.send(request.build(), BodyHandlers.ofString()));
  }

  HttpResponse<String> post(String path, String json) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  JsonNode posted(String path, String json) throws Exception {
    return Json.read(post(path, json).body());
  }

  JsonNode get(String path) throws Exception {
    return Json.read(send(request(path)).body());
  }

  /** Runs a workflow to its end and gives the execution's id. */
  String run(String slug, String body) throws Exception {
    String id = posted("/workflows/" + slug + "/execute", body).path("execution_id").asString();
    awaitEnd(id);
    return id;
  }

  void awaitEnd(String id) throws InterruptedException {
    var execution = engine.executions().find(id).orElseThrow();
    var _ = engine.executions().awaitEnd(execution.id(), Duration.ofSeconds(20)).orElseThrow();
  }

  @Override
  public void close() {
    engine.close();
    listener.close();
    surface.close();
    mcp.close();
    client.shutdownNow();
  }

  /**
   * An agent whose prompt says what it does: {@code [hold name]} waits for the test, {@code [fail]}
   * fails, {@code [fail-once name]} fails at first; {@code [free]} costs nothing, {@code
   * [unpriced]} nobody knows what; it says the line after {@code [say]}.
   */
  static final class Player implements StepKind {
    private final Map<String, CountDownLatch> holds = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> begun = new ConcurrentHashMap<>();
    private final Map<String, Boolean> failed = new ConcurrentHashMap<>();

    @Override
    public String name() {
      return "agent";
    }

    @Override
    public Step bind(ObjectNode fields) {
      String prompt = Json.show(fields.get("prompt"));
      return context -> {
        String text = Template.render(prompt, context.state());
        BigDecimal cost =
            text.contains("[free]")
                ? BigDecimal.ZERO
                : text.contains("[unpriced]") ? null : new BigDecimal("0.01");
        context.use(new Usage("play/tiny", 10, 5, cost));
        String hold = word(text, "[hold ");
        if (hold != null) {
          latch(begun, hold).countDown();
          latch(holds, hold).await();
        }
        String once = word(text, "[fail-once ");
        if (text.contains("[fail]") || (once != null && failed.put(once, true) == null)) {
          return new StepOutcome.Failed("no luck", true);
        }
        int say = text.indexOf("[say]");
        return StepOutcome.done(
            say < 0 ? text : text.substring(say + 5).strip().lines().findFirst().orElse(""));
      };
    }

    private static @org.jspecify.annotations.Nullable String word(String text, String before) {
      int at = text.indexOf(before);
      return at < 0 ? null : text.substring(at + before.length(), text.indexOf(']', at));
    }

    private static CountDownLatch latch(Map<String, CountDownLatch> latches, String name) {
      return latches.computeIfAbsent(name, _ -> new CountDownLatch(1));
    }

    void release(String name) {
      latch(holds, name).countDown();
    }

    void awaitBegun(String name) throws InterruptedException {
      latch(begun, name).await();
    }
  }
}
