package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.store.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A run of ten thousand nodes can be looked at in every way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests
final class LongRunTest {
  private static final int NODES = 10_000;
  private WorkflowServer server;
  private String id;

  @BeforeAll
  void run(@TempDir Path folder) throws Exception {
    server = new WorkflowServer(folder, TestStore.SQLITE);
    StringBuilder nodes = new StringBuilder();
    StringBuilder edges = new StringBuilder("edges:\n- {from: START, to: n1}\n");
    for (int i = 1; i <= NODES; i++) {
      nodes.append("- {name: n%d, type: transform_node, set: {x: \"at %d\"}}\n".formatted(i, i));
      edges.append("- {from: n%d, to: %s}\n".formatted(i, i == NODES ? "END" : "n" + (i + 1)));
    }
    server.engine.definitions().save("graph", "long", "name: long\nnodes:\n" + nodes + edges);
    id =
        server
            .posted("/graphs/long/execute", "{\"input\": {}, \"async\": true}")
            .path("execution_id")
            .asString();
    var execution = server.engine.executions().find(id).orElseThrow();
    var _ =
        server.engine.executions().awaitEnd(execution.id(), Duration.ofSeconds(60)).orElseThrow();
  }

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  @Timeout(20)
  void byItsInfo() throws Exception {
    JsonNode info = server.get("/executions/" + id + "/info");
    assertThat(info.path("steps_completed").size()).isEqualTo(NODES);
    assertThat(info.path("checkpoints").size()).isEqualTo(NODES);
    assertThat(info.path("checkpoints").get(NODES - 1).path("step_number").asInt())
        .isEqualTo(NODES);
  }

  @Test
  @Timeout(20)
  void byItsNodes() throws Exception {
    JsonNode nodes = server.get("/executions/" + id + "/node-executions");
    assertThat(nodes.path("completed_nodes").asInt()).isEqualTo(NODES);
    assertThat(nodes.path("node_executions").get(NODES - 1).path("node_type").asString())
        .isEqualTo("transform_node");
  }

  @Test
  @Timeout(20)
  void byItsSteps() throws Exception {
    JsonNode steps = server.get("/executions/" + id + "/steps");
    assertThat(steps.path("completed_steps").asInt()).isEqualTo(NODES);
    assertThat(steps.path("step_executions").get(NODES - 1).path("step_number").asInt())
        .isEqualTo(NODES);
    assertThat(
            server
                .get("/step-executions?status=completed&limit=1&execution_id=" + id)
                .path("total")
                .asInt())
        .isEqualTo(NODES);
    assertThat(server.get("/executions/" + id).at("/progress/current_step").asInt())
        .isEqualTo(NODES);
  }

  @Test
  @Timeout(20)
  void byItsEvents() throws Exception {
    JsonNode events = server.get("/executions/" + id + "/events?limit=1000&offset=20000");
    assertThat(events.path("events").size()).isEqualTo(1_000);
    assertThat(events.path("total").asInt()).isEqualTo(4 * NODES + 2);
  }

  @Test
  @Timeout(20)
  void byAViewerWhoComesLate() throws Exception {
    Map<String, Integer> seen = new HashMap<>();
    new EventFollower(
            server.ports.events(),
            server.engine.executions().find(id).orElseThrow().id(),
            new EventViewer() {
              @Override
              public void show(ComputeEvent event) {
                seen.merge(event.name(), 1, Integer::sum);
              }

              @Override
              public void idle() {}
            })
        .follow();
    assertThat(seen)
        .containsEntry("step_completed", NODES)
        .containsEntry("execution_progress", NODES)
        .containsEntry("execution_completed", 1);
  }

  @Test
  @Timeout(60)
  void whoseResultsAreLong_inAnswersOfBoundedSize() throws Exception {
    String steps =
        IntStream.rangeClosed(1, 20)
            .mapToObj("{\"name\": \"S%d\", \"prompt\": \"[say] {text}\"}"::formatted)
            .collect(Collectors.joining(","));
    var _ =
        server.post(
            "/workflows",
            "{\"name\": \"wide\", \"strategy_definition\": {\"steps\": [%s]}}".formatted(steps));
    String run =
        server.run("wide", "{\"inputs\": {\"text\": \"%s\"}}".formatted("x".repeat(500_000)));
    JsonNode all = server.get("/workflows/checkpoints?execution_id=" + run);
    assertThat(all.toString()).hasSizeLessThan(5_000_000);
    assertThat(all.path("checkpoints").get(0).at("/state_snapshot/omitted_results").asInt())
        .isEqualTo(19);
    JsonNode last =
        server.get("/workflows/checkpoints?limit=1&execution_id=" + run).path("checkpoints").get(0);
    assertThat(last.at("/state_snapshot/intermediate_results").propertyNames())
        .as("the latest")
        .containsExactly(
            "step_13", "step_14", "step_15", "step_16", "step_17", "step_18", "step_19");
    JsonNode nodes = server.get("/executions/" + run + "/node-executions");
    assertThat(nodes.toString()).hasSizeLessThan(17_000_000);
    assertThat(nodes.path("omitted_values").asInt()).isPositive();
    JsonNode rest = server.get("/executions/" + run + "/node-executions?offset=19");
    assertThat(rest.path("node_executions").size()).isEqualTo(1);
    assertThat(rest.path("node_executions").get(0).path("output").asString()).hasSize(500_000);
  }

  @Test
  @Timeout(20)
  void byItsCheckpoints() throws Exception {
    JsonNode page = server.get("/workflows/checkpoints?execution_id=" + id + "&offset=100");
    assertThat(page.path("total").asInt()).isEqualTo(NODES);
    assertThat(page.path("checkpoints").size()).isEqualTo(50);
    assertThat(page.path("checkpoints").get(0).at("/state_snapshot/current_step").asInt())
        .isEqualTo(NODES - 100);
  }
}
