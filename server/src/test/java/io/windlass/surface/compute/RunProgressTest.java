package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.store.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Events, lists and views tell the same of how far a run has come, and of how it ended. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests
final class RunProgressTest {
  private WorkflowServer server;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    server = new WorkflowServer(folder, TestStore.SQLITE);
  }

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void aStepThatFailedIsNotCompleted() throws Exception {
    save("fails", "{\"name\": \"One\", \"prompt\": \"[fail]\"}");
    String id = server.run("fails", "{}");
    JsonNode last = progress(id).getLast();
    assertThat(last.path("completed_steps").asInt()).isZero();
    assertThat(last.path("progress_percentage").asInt()).isZero();
    assertThat(server.get("/executions/" + id).at("/progress/percentage").asInt()).isZero();
    assertThat(listed(id).path("progress").asInt()).isZero();
  }

  @Test
  void partOfAFailedRunCountsTheSameEverywhere() throws Exception {
    save(
        "weighted",
        """
        {"name": "One", "prompt": "[say] one", "estimated_duration": 30},
        {"name": "Two", "prompt": "[fail]", "estimated_duration": 10}
        """);
    String id = server.run("weighted", "{}");
    assertThat(progress(id).getLast().path("progress_percentage").asInt()).isEqualTo(75);
    assertThat(server.get("/executions/" + id).at("/progress/percentage").asInt()).isEqualTo(75);
    assertThat(listed(id).path("progress").asInt()).isEqualTo(75);
  }

  @Test
  void aCircleIsNotThroughAfterItsFirstRound() throws Exception {
    server
        .engine
        .definitions()
        .save(
            "graph",
            "circle",
            """
            name: circle
            state: {n: {type: integer, reducer: add}}
            nodes:
            - {name: one, type: transform_node, set: {n: 1}}
            - {name: two, type: transform_node, set: {n: 1}}
            edges:
            - {from: START, to: one}
            - {from: one, to: two}
            - {from: two, to: one, condition: "{n} < 6", else: END}
            """);
    String id =
        server.posted("/graphs/circle/execute", "{\"input\": {}}").path("execution_id").asString();
    List<JsonNode> told = progress(id);
    assertThat(told).hasSize(6);
    assertThat(told)
        .extracting(it -> it.path("progress_percentage").asInt())
        .containsExactly(50, 99, 99, 99, 99, 99);
    assertThat(told)
        .extracting(it -> it.path("completed_steps").asInt())
        .containsExactly(1, 2, 2, 2, 2, 2);
    assertThat(server.get("/executions/" + id).at("/progress/percentage").asInt()).isEqualTo(100);
  }

  @Test
  void aRunThatWaitsForAPersonStandsStill() throws Exception {
    server
        .engine
        .definitions()
        .save(
            "graph",
            "person",
            """
            name: person
            nodes: [{name: ask, type: human_node, question: "Go on?"}]
            edges: [{from: START, to: ask}, {from: ask, to: END}]
            """);
    save(
        "asks",
        """
        {"name": "One", "prompt": "[say] one", "estimated_duration": 0.001},
        {"name": "Two", "graph_name": "person", "estimated_duration": 0.001},
        {"name": "Three", "prompt": "[say] three", "estimated_duration": 0.001}
        """);
    String id = server.posted("/workflows/asks/execute", "{}").path("execution_id").asString();
    JsonNode seen = server.get("/executions/" + id);
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!seen.path("status").asString().equals("paused") && System.nanoTime() < deadline) {
      seen = server.get("/executions/" + id);
    }
    assertThat(seen.path("status").asString()).isEqualTo("paused");
    assertThat(seen.at("/progress/percentage").asInt()).isEqualTo(33);
    assertThat(progress(id).getLast().path("progress_percentage").asInt()).isEqualTo(33);
    var _ = server.post("/executions/" + id + "/cancel", "{\"graceful\": false}");
  }

  @Test
  void theLastEventNamesTheErrorThatTheViewNames() throws Exception {
    String step = "{\"name\": \"One\", \"prompt\": \"%s\", \"retry_policy\": %s}";
    String again = "{\"max_retries\": 1, \"retry_delay\": 0}";
    save("plain", step.formatted("[fail]", again));
    save("slow", step.formatted("[hold errors]", "{}"));
    save(
        "two",
        """
        {"name": "One", "prompt": "[hold two] [fail]", "parallel_execution": true},
        {"name": "Two", "prompt": "[fail]", "parallel_execution": true}
        """);
    same(server.run("plain", "{}"), "StepExecutionError");
    same(server.run("two", "{}"), "StepExecutionError");
    same(server.run("slow", "{\"config\": {\"timeout_per_step\": 0.1}}"), "TimeoutError");
    same(server.run("slow", "{\"config\": {\"timeout\": 0.1}}"), "TimeoutError");
    String held = server.posted("/workflows/slow/execute", "{}").path("execution_id").asString();
    var _ = server.post("/executions/" + held + "/cancel", "{\"graceful\": false}");
    same(held, "ExecutionError");
  }

  private void same(String id, String type) throws Exception {
    JsonNode seen = server.get("/executions/" + id).path("error");
    JsonNode told =
        server
            .get("/executions/" + id + "/events?event_type=execution_failed")
            .at("/events/0/data/error");
    assertThat(told).isEqualTo(seen);
    assertThat(told.path("type").asString()).as(id).isEqualTo(type);
    assertThat(told.has("code")).isEqualTo(!type.equals("StepExecutionError"));
    JsonNode node = server.get("/executions/" + id + "/node-executions").at("/node_executions/0");
    if (node.path("error").isObject() && type.equals("TimeoutError")) {
      assertThat(node.at("/error/type").asString()).isEqualTo(type);
    }
  }

  private void save(String slug, String steps) throws Exception {
    var saved =
        server.post(
            "/workflows",
            "{\"name\": \"%s\", \"strategy_definition\": {\"steps\": [%s]}}"
                .formatted(slug, steps));
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(201);
  }

  private List<JsonNode> progress(String id) throws Exception {
    return server
        .get("/executions/" + id + "/events?event_type=execution_progress")
        .path("events")
        .values()
        .stream()
        .map(event -> event.path("data"))
        .toList();
  }

  private JsonNode listed(String id) throws Exception {
    return server.get("/executions?status=all&limit=500").path("executions").values().stream()
        .filter(one -> one.path("execution_id").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
