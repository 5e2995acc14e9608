package io.windlass.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.engine.Engine;
import io.windlass.engine.EngineConfig;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StartRequest;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A real engine that runs graphs, with one look at what became of them. */
final class GraphEngine implements AutoCloseable {
  final GraphTools tools;
  final Engine engine;

  GraphEngine(Path home, @Nullable String url, String script, String... approve) throws Exception {
    Files.createDirectories(home);
    tools = new GraphTools(home, script, approve);
    engine = Engine.open(new EngineConfig(home, url, Duration.ofMillis(100), null), tools.kinds());
    engine.start();
  }

  void save(String kind, String name, String yaml) {
    engine.definitions().save(kind, name, yaml);
  }

  /** Saves a graph and runs it to its end. */
  Execution run(String yaml, String input) throws InterruptedException {
    return awaitEnd(start(yaml, input));
  }

  ExecutionId start(String yaml, String input) {
    save("graph", "g", yaml);
    return start(input);
  }

  ExecutionId start(String input) {
    return engine
        .executions()
        .start(
            new StartRequest(
                "graph", "g", (ObjectNode) Json.read(input), "test", "me", "exec_", null, null))
        .id();
  }

  Execution awaitEnd(ExecutionId id) throws InterruptedException {
    return engine.executions().awaitEnd(id, Duration.ofSeconds(60)).orElseThrow();
  }

  /** Runs a graph that succeeds and gives its result. */
  JsonNode result(String yaml, String input) throws InterruptedException {
    Execution ended = run(yaml, input);
    assertThat(ended.status()).as(ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
    return ended.result() == null ? Json.object() : ended.result();
  }

  /** Runs a graph that fails and gives its error. */
  String error(String yaml, String input) throws InterruptedException {
    Execution ended = run(yaml, input);
    assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
    return String.valueOf(ended.error());
  }

  List<Event> events(ExecutionId id) {
    return engine.executions().entries(id, 0, 100_000).stream().map(Entry::event).toList();
  }

  /** The visits of nodes in their order. */
  List<String> visits(ExecutionId id) {
    return events(id).stream()
        .filter(Event.StepStarted.class::isInstance)
        .map(event -> ((Event.StepStarted) event).step())
        .toList();
  }

  /** Waits for a question and answers it. */
  String decide(ExecutionId id, String node, String choice, @Nullable String reason)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < deadline) {
      var open = engine.approvals().findOpen(id, node);
      if (open.isPresent()) {
        var _ = engine.approvals().decide(open.get().id(), choice, "ann", "test", reason);
        return open.get().prompt();
      }
      Thread.sleep(5);
    }
    throw new AssertionError("nobody asks at " + node);
  }

  @Override
  public void close() {
    engine.close();
    tools.close();
  }
}
