package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.windlass.store.TestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  void aResumeIsToldAsAnEvent() throws Exception {
    save(
        "resumed",
        """
        {"name": "One", "prompt": "[say] one"},
        {"name": "Two", "prompt": "[fail-once resumed] [say] two"}
        """);
    String id = server.run("resumed", "{}");
    assertThat(server.get("/executions/" + id).path("status").asString()).isEqualTo("failed");
    var execution = server.engine.executions().find(id).orElseThrow();
    server.engine.executions().resume(execution.id(), "local");
    server.awaitEnd(id);
    List<String> told =
        server.get("/executions/" + id + "/events").path("events").values().stream()
            .map(event -> event.path("event_type").asString())
            .filter(name -> name.startsWith("execution_") && !name.endsWith("progress"))
            .toList();
    assertThat(told)
        .containsExactly(
            "execution_started", "execution_failed", "execution_resumed", "execution_completed");
    JsonNode resumed =
        server
            .get("/executions/" + id + "/events?event_type=execution_resumed")
            .at("/events/0/data");
    assertThat(resumed.path("status").asString()).isEqualTo("running");
    assertThat(resumed.path("completed_steps").asInt()).isEqualTo(1);
    assertThat(resumed.path("total_steps").asInt()).isEqualTo(2);
    assertThat(Instant.parse(resumed.path("resumed_at").asString())).isNotNull();
    String stream = server.send(server.request("/executions/" + id + "/stream")).body();
    assertThat(stream)
        .containsSubsequence("event: execution_resumed", "event: execution_completed");
  }

  @Test
  void whatIsDeepInsideIsToldOnce_howeverOftenItIsResumed() throws Exception {
    String graph =
        """
        name: deep0
        nodes:
          - {name: a, type: agent, prompt: "[say] one"}
          - {name: b, type: agent, prompt: "[fail-once deep-b] [say] two"}
          - {name: c, type: agent, prompt: "[fail-once deep-c] [say] three"}
        edges: [{from: START, to: a}, {from: a, to: b}, {from: b, to: c}, {from: c, to: END}]
        """;
    server.engine.definitions().save("graph", "deep0", graph);
    for (int i = 1; i <= 2; i++) {
      server
          .engine
          .definitions()
          .save(
              "graph",
              "deep" + i,
              """
              name: deep%d
              nodes: [{name: sub, type: subgraph, graph: deep%d}]
              edges: [{from: START, to: sub}, {from: sub, to: END}]
              """
                  .formatted(i, i - 1));
    }
    save("deep", "{\"name\": \"One\", \"graph_name\": \"deep2\"}");
    String id = server.run("deep", "{}");
    var execution = server.engine.executions().find(id).orElseThrow();
    for (int i = 0; i < 2; i++) {
      server.engine.executions().resume(execution.id(), "local");
      server.awaitEnd(id);
    }
    assertThat(server.get("/executions/" + id).path("status").asString()).isEqualTo("completed");
    List<JsonNode> told =
        server
            .get("/executions/" + id + "/events?limit=1000")
            .path("events")
            .valueStream()
            .toList();
    assertThat(told).extracting(event -> event.path("event_id").asString()).doesNotHaveDuplicates();
    List<String> nodes =
        told.stream()
            .filter(event -> event.path("event_type").asString().equals("node_started"))
            .map(event -> event.at("/data/node_name").asString())
            .filter(name -> name.length() == 1)
            .toList();
    assertThat(nodes).containsExactly("a", "b", "b", "c", "c");
    String stream = server.send(server.request("/executions/" + id + "/stream")).body();
    assertThat(stream.lines().filter(line -> line.equals("event: node_started")))
        .hasSize(
            (int)
                told.stream()
                    .filter(event -> event.path("event_type").asString().equals("node_started"))
                    .count());
  }

  @Test
  void whoComesLateIsToldWhatWasToldLive() throws Exception {
    save(
        "told",
        """
        {"name": "One", "prompt": "[hold told-{key}-1] [say] one"},
        {"name": "Two", "prompt": "[hold told-{key}-2] [say] two"},
        {"name": "Three", "prompt": "[say] three"}
        """);
    // Each run takes other parts of its time for its steps, so the times change with each.
    hold("a", 60, 0);
    var live = server.posted("/workflows/told/execute", "{\"inputs\": {\"key\": \"b\"}}");
    String id = live.path("execution_id").asString();
    server.player.awaitBegun("told-b-1");
    hold("c", 0, 200);
    List<ComputeEvent> seen = new ArrayList<>();
    var follower = follower(id, seen);
    Thread viewer = Thread.startVirtualThread(follower);
    server.player.release("told-b-1");
    server.player.awaitBegun("told-b-2");
    server.player.release("told-b-2");
    server.awaitEnd(id);
    viewer.join();
    hold("d", 0, 300);
    List<ComputeEvent> late = new ArrayList<>();
    follower(id, late).run();
    assertThat(late)
        .extracting(ComputeEvent::id, ComputeEvent::name, ComputeEvent::data)
        .isEqualTo(
            seen.stream().map(event -> tuple(event.id(), event.name(), event.data())).toList());
    assertThat(progress(id))
        .extracting(it -> it.path("progress_percentage"), it -> it.path("estimated_completion"))
        .isEqualTo(
            seen.stream()
                .filter(event -> event.name().equals("execution_progress"))
                .map(event ->
                    tuple(
                        event.data().path("progress_percentage"),
                        event.data().path("estimated_completion")))
                .toList());
  }

  private Runnable follower(String id, List<ComputeEvent> seen) {
    var follower =
        new EventFollower(
            server.ports.events(),
            server.engine.executions().find(id).orElseThrow().id(),
            new EventViewer() {
              @Override
              public void show(ComputeEvent event) {
                seen.add(event);
              }

              @Override
              public void idle() {}
            });
    return () -> {
      try {
        follower.follow();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** A run whose first two steps take so many milliseconds. */
  private void hold(String key, long first, long second) throws Exception {
    String body = "{\"inputs\": {\"key\": \"%s\"}}".formatted(key);
    String id = server.posted("/workflows/told/execute", body).path("execution_id").asString();
    long[] times = {first, second};
    for (int step = 1; step <= 2; step++) {
      String name = "told-" + key + "-" + step;
      server.player.awaitBegun(name);
      TimeUnit.MILLISECONDS.sleep(times[step - 1]);
      server.player.release(name);
    }
    server.awaitEnd(id);
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
