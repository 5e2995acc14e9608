package io.windlass.surface.compute;

import io.windlass.chain.ChainKind;
import io.windlass.chain.GateKind;
import io.windlass.chain.SubchainKind;
import io.windlass.chain.TransformKind;
import io.windlass.engine.Engine;
import io.windlass.engine.EngineConfig;
import io.windlass.execution.StartRequest;
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
import io.windlass.step.StepKind;
import io.windlass.store.TestStore;
import io.windlass.workflow.WorkflowKind;
import java.io.IOException;
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
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The surface over a real engine on a free port; every answer is held against the document. */
final class ComputeServer implements AutoCloseable {
  final OpenApiContract contract = OpenApiContract.loadStrict("/openapi/compute.yaml", "");
  final Engine engine;
  final Path workspace;
  private final McpServers mcp;
  private final ComputeSurface surface;
  private final Listener listener;
  private final HttpClient client = HttpClient.newHttpClient();

  ComputeServer(Path folder, TestStore store, ComputeConfig.Limits limits, Set<String> tokens)
      throws IOException {
    workspace = Files.createDirectories(folder.resolve("workspace"));
    Path home = Files.createDirectories(folder.resolve("home"));
    InstantSource clock = InstantSource.system();
    Map<String, StepKind> kinds =
        Map.of(
            "transform",
            new TransformKind(),
            "gate",
            new GateKind(),
            "subchain",
            new SubchainKind());
    GraphKind graphs = new GraphKind(kinds, Caveat.NONE);
    WorkflowKind workflows =
        new WorkflowKind(new GateKind(), _ -> Optional.empty(), _ -> false, Caveat.NONE);
    engine =
        Engine.open(
            new EngineConfig(home, store.newUrl(), Duration.ofMillis(200), null),
            List.of(new ChainKind(kinds, Map.of()), graphs, workflows));
    mcp = new McpServers(home.resolve("mcp_settings.json"), System.getenv(), workspace, clock);
    Traffic traffic = new Traffic(clock);
    surface =
        new ComputeSurface(
            new ComputePorts(
                new WorkflowPorts(
                    engine.executions(),
                    engine.approvals(),
                    engine.definitions(),
                    engine.history(),
                    workflows,
                    graphs,
                    limits::admission,
                    _ -> 0,
                    clock),
                mcp,
                new TestFigures(engine),
                clock),
            new ComputeConfig(
                Cors.ALL,
                limits,
                new ComputeConfig.Storage(
                    workspace, workspace.resolve("output"), 10_240, null, Duration.ofDays(30))),
            traffic);
    listener =
        Listener.open(
            new Address("127.0.0.1", "WINDLASS_HOST", 0, "WINDLASS_COMPUTE_PORT"),
            List.of(Mount.root(surface)),
            new HttpConfig(tokens, Set.of(), 100_000),
            traffic);
    engine.start();
  }

  /** Where a test's MCP servers are set up. */
  void mcp(String json) throws IOException {
    Files.writeString(mcp.settings().file(), json);
  }

  /** Runs a chain of one step and gives its public id. */
  String run(String name) throws Exception {
    String step =
        "{id: one, type: transform, operation: template, template_str: hello, prompt: x, output_var: a}";
    engine
        .definitions()
        .save("chain", name, "name: Greeting\nsteps:\n  - " + step + "\noutput: a\n");
    var started =
        engine
            .executions()
            .start(new StartRequest("chain", name, Json.object(), "test", "local", "", null, null));
    var _ = engine.executions().awaitEnd(started.id(), Duration.ofSeconds(20)).orElseThrow();
    return started.publicId();
  }

  String url(String path) {
    return listener.baseUrl() + path;
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return contract.hold(
        client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString()));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url(path)));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  JsonNode json(String path) throws Exception {
    return Json.read(get(path).body());
  }

  HttpResponse<String> post(String path, String json) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  @Override
  public void close() {
    engine.close();
    listener.close();
    surface.close();
    mcp.close();
    client.shutdownNow();
  }
}
