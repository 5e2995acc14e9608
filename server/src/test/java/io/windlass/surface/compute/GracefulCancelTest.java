package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.store.TestStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A graceful cancel of a workflow whose steps run graphs, and what this surface shows of it. */
@Timeout(60)
final class GracefulCancelTest {
  private static final Map<String, String> GRAPHS =
      Map.of(
          "asks",
          """
          name: asks
          nodes: [{name: ask, type: human_node, question: "Go on?"}]
          edges: [{from: START, to: ask}, {from: ask, to: END}]
          """,
          "outer",
          """
          name: outer
          nodes: [{name: inner, type: subgraph, graph: asks}]
          edges: [{from: START, to: inner}, {from: inner, to: END}]
          """,
          "works",
          """
          name: works
          nodes:
            - {name: first, type: llm_node, prompt: "[hold a] [say] through"}
            - {name: second, type: llm_node, prompt: "[say] done"}
          edges: [{from: START, to: first}, {from: first, to: second}, {from: second, to: END}]
          """);

  @ParameterizedTest
  @EnumSource(TestStore.class)
  void endsWhatWaitsAtOnce_tellsThatItStops_andGoesOnAfterAResume(
      TestStore store, @TempDir Path folder) throws Exception {
    try (WorkflowServer server = new WorkflowServer(folder, store)) {
      GRAPHS.forEach((name, source) -> server.engine.definitions().save("graph", name, source));
      server.posted(
          "/workflows",
          """
          {"name": "Deep", "strategy_definition": {"steps": [
            {"name": "One", "graph_name": "outer", "parallel_execution": true},
            {"name": "Two", "graph_name": "works", "parallel_execution": true},
            {"name": "Three", "prompt": "[say] all"}]}}
          """);
      String id =
          server
              .posted("/workflows/deep/execute", "{\"inputs\": {}}")
              .path("execution_id")
              .asString();
      server.player.awaitBegun("a");
      await(() -> questions(server).size() == 1);
      assertThat(server.get("/executions/" + id).has("stopping")).isFalse();

      JsonNode told =
          server.posted("/executions/" + id + "/cancel", "{\"reason\": \"enough of it\"}");
      assertThat(told.path("status").asString()).isEqualTo("cancelling");
      assertThat(told.path("message").asString()).contains("Current step will complete");
      await(() ->
          statuses(server).get("outer") == ExecutionStatus.CANCELLED
              && statuses(server).get("asks") == ExecutionStatus.CANCELLED);
      assertThat(questions(server)).isEmpty();
      JsonNode shown = server.get("/executions/" + id);
      assertThat(shown.path("status").asString()).isEqualTo("running");
      assertThat(shown.at("/stopping/by").asString()).endsWith(": enough of it");
      assertThat(shown.at("/stopping/at").asString()).endsWith("Z");
      JsonNode event = told(server, id, "execution_stopping");
      assertThat(event.path("status").asString()).isEqualTo("cancelling");
      assertThat(event.path("by").asString()).endsWith(": enough of it");

      server.player.release("a");
      server.awaitEnd(id);
      JsonNode ended = server.get("/executions/" + id);
      assertThat(ended.path("status").asString()).isEqualTo("cancelled");
      assertThat(ended.has("stopping")).isFalse();
      assertThat(statuses(server).values()).containsOnly(ExecutionStatus.CANCELLED);
      assertThat(server.send(server.request("/executions/" + id + "/stream")).body())
          .containsSubsequence("event: execution_stopping", "event: execution_failed");

      server
          .engine
          .executions()
          .resume(server.engine.executions().find(id).orElseThrow().id(), "me");
      await(() -> questions(server).size() == 1);
      server
          .engine
          .approvals()
          .decide(questions(server).getFirst().id(), "approve", "me", "t", null);
      server.awaitEnd(id);
      assertThat(statuses(server).values()).containsOnly(ExecutionStatus.SUCCEEDED).hasSize(4);
    }
  }

  @Test
  void saysThatNoStepWasRunning_whenTheEndIsAtOnce(@TempDir Path folder) throws Exception {
    try (WorkflowServer server = new WorkflowServer(folder, TestStore.SQLITE)) {
      GRAPHS.forEach((name, source) -> server.engine.definitions().save("graph", name, source));
      String id =
          server
              .posted("/graphs/asks/execute", "{\"input\": {}, \"async\": true}")
              .path("execution_id")
              .asString();
      await(() -> questions(server).size() == 1);

      JsonNode told = server.posted("/executions/" + id + "/cancel", "{}");

      assertThat(told.path("status").asString()).isEqualTo("cancelling");
      assertThat(told.path("message").asString()).endsWith("No step was running: it has ended.");
      assertThat(server.get("/executions/" + id).path("status").asString()).isEqualTo("cancelled");
    }
  }

  private static JsonNode told(WorkflowServer server, String id, String type) throws Exception {
    JsonNode events = server.get("/executions/" + id + "/events?event_type=" + type).path("events");
    assertThat(events.size()).isEqualTo(1);
    return events.get(0).path("data");
  }

  private static List<Approval> questions(WorkflowServer server) {
    return server.engine.approvals().list(true, null, null, 10).items();
  }

  private static Map<String, ExecutionStatus> statuses(WorkflowServer server) {
    return server.engine.executions().list(ExecutionFilter.ALL, null, 50).items().stream()
        .collect(Collectors.toMap(Execution::name, Execution::status));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
