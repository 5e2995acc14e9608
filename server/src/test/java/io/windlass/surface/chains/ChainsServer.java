package io.windlass.surface.chains;

import io.windlass.chain.ChainKind;
import io.windlass.chain.GateKind;
import io.windlass.chain.LoopKind;
import io.windlass.chain.MergeKind;
import io.windlass.chain.PipelineKind;
import io.windlass.chain.SubchainKind;
import io.windlass.chain.TransformKind;
import io.windlass.engine.Engine;
import io.windlass.engine.EngineConfig;
import io.windlass.generation.ChainGenerator;
import io.windlass.generation.GenerationStore;
import io.windlass.http.Address;
import io.windlass.http.Cors;
import io.windlass.http.HttpConfig;
import io.windlass.http.Listener;
import io.windlass.http.Mount;
import io.windlass.http.OpenApiContract;
import io.windlass.kernel.Json;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.model.Models;
import io.windlass.model.Script;
import io.windlass.step.StepKind;
import io.windlass.store.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The chains surface over a real engine on a free port, and a client that holds it to its document.
 */
final class ChainsServer implements AutoCloseable {
  static final int MOST_AT_ONCE = 3;
  final PlayKind play = new PlayKind();
  final OpenApiContract contract = OpenApiContract.loadStrict("/openapi/chains.yaml", "");
  final Engine engine;
  final Path workspace;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Listener listener;

  ChainsServer(Path folder, TestStore store) throws IOException {
    workspace = Files.createDirectories(folder.resolve("workspace"));
    Path home = Files.createDirectories(folder.resolve("home"));
    Map<String, StepKind> kinds =
        Stream.of(
                play,
                new TransformKind(),
                new GateKind(),
                new MergeKind(),
                new SubchainKind(),
                new LoopKind(List.of(play, new SubchainKind())))
            .collect(Collectors.toMap(StepKind::name, kind -> kind));
    engine =
        Engine.open(
            new EngineConfig(home, store.newUrl(), Duration.ofMillis(200), null),
            List.of(new ChainKind(kinds, Map.of()), new PipelineKind()));
    var surface =
        new ChainsSurface(
            engine.executions(),
            engine.approvals(),
            engine.definitions(),
            engine.schedules(),
            new ChainGenerator(
                Models.scripted(script()),
                engine.definitions(),
                new GenerationStore(engine.database(), InstantSource.system()),
                new TimeOrderedIds(InstantSource.system(), new Random())),
            new ChainsConfig(MOST_AT_ONCE, workspace, home, Cors.ALL, "0.1.0"));
    listener =
        Listener.open(
            new Address("127.0.0.1", "WINDLASS_HOST", 0, "WINDLASS_CHAINS_PORT"),
            List.of(Mount.root(surface)),
            HttpConfig.OPEN);
    engine.start();
  }

  private static Script script() throws IOException {
    try (InputStream in = ChainsServer.class.getResourceAsStream("/generation/script.yaml")) {
      return Script.parse("script.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  String url(String path) {
    return listener.baseUrl() + path;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofSeconds(30));
  }

  /** Sends and holds the answer against the document. */
  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return contract.hold(
        client.sendAsync(request.build(), BodyHandlers.ofString()).get(30, TimeUnit.SECONDS));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  JsonNode json(String path) throws Exception {
    return Json.read(get(path).body());
  }

  void untilNoneRuns() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (json("/health").path("runningExecutions").asInt() > 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("executions still run");
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  HttpResponse<String> post(String path, String json) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> method(String method, String path) throws Exception {
    return send(request(path).method(method, BodyPublishers.noBody()));
  }

  HttpResponse<String> save(String path, String yaml) throws Exception {
    return send(
        request(path).header("Content-Type", "text/yaml").POST(BodyPublishers.ofString(yaml)));
  }

  /** Starts a chain and gives its id. */
  String start(String chain, String input) throws Exception {
    HttpResponse<String> answer = post("/execute/" + chain, "{\"input\":" + input + "}");
    return Json.read(answer.body()).path("executionId").asString();
  }

  InputStream open(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofInputStream()).body();
  }

  /** The frames of a stream up to its end. */
  List<Frame> frames(String id, long after) throws Exception {
    return Frame.all(after > 0 ? reconnect(id, after).body() : get(stream(id)).body());
  }

  /** Follows a stream until it has told that. */
  void awaitFrame(String id, String text) throws Exception {
    try (Stream<String> lines =
        client.send(request(stream(id)).build(), BodyHandlers.ofLines()).body()) {
      if (lines.noneMatch(line -> line.contains(text))) {
        throw new IllegalStateException("The stream of %s never told: %s".formatted(id, text));
      }
    }
  }

  /** Asks for what comes after the event of that number. */
  HttpResponse<String> reconnect(String id, long after) throws Exception {
    return send(request(stream(id)).header("Last-Event-ID", Long.toString(after)));
  }

  private static String stream(String id) {
    return "/executions/" + id + "/stream";
  }

  /** Waits for an execution's end. */
  JsonNode ended(String id) throws Exception {
    frames(id, 0);
    return json("/executions/" + id);
  }

  @Override
  public void close() {
    engine.close();
    listener.close();
    client.shutdownNow();
  }

  /**
   * One frame of a stream.
   *
   * @param id its id, 0 for none
   * @param json its data
   */
  record Frame(long id, JsonNode json) {
    String type() {
      return json.path("type").asString();
    }

    /** As {@code step_done greet}. */
    String brief() {
      String step = json.path("stepId").asString("");
      return step.isEmpty() ? type() : type() + " " + step;
    }

    static List<Frame> all(String stream) {
      return Stream.of(stream.split("\n\n"))
          .filter(frame -> frame.startsWith("data: "))
          .map(frame -> {
            String[] lines = frame.split("\n");
            long id = lines.length > 1 ? Long.parseLong(lines[1].substring(4)) : 0;
            return new Frame(id, Json.read(lines[0].substring(6)));
          })
          .toList();
    }
  }
}
