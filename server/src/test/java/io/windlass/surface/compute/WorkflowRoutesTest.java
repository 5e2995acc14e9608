package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.http.HttpConfig;
import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Workflows, graphs, executions and figures over HTTP, as a client of this API uses them. */
@Timeout(120)
final class WorkflowRoutesTest {
  private static final String GRAPH =
      """
      name: ASIS
      display_name: Step by step
      category: core
      tags: [agent]
      version: 2.1.0
      input_schema:
        type: object
        required: [task]
        properties:
          task: {type: string}
      nodes:
        - name: planner
          type: agent
          prompt: "[say] planned"
          output: plan
      edges:
        - {from: START, to: planner}
        - {from: planner, to: END}
      output: plan
      """;

  private static final String SLOW = GRAPH.replace("[say] planned", "[hold slow] [say] late");

  private static final String PLAN =
      """
      {"name": "Business Plan", "slug": "business-plan", "description": "Plans a business",
       "category": "business", "tags": ["business", "planning"], "version": "1.2.0",
       "strategy_definition": {"steps": [
         {"step_number": 1, "name": "Initial Analysis", "description": "[say] fine",
          "estimated_duration": 120,
          "output_schema": {"type": "object", "properties": {"analysis": {"type": "string"}}}},
         {"step_number": 2, "name": "Market Research", "prompt": "[say] {business_type} market",
          "dependencies": [1], "retry_policy": {"max_retries": 2, "retry_delay": 0}}]},
       "input_fields": [
         {"name": "business_type", "type": "string", "required": true,
          "validation": {"enum": ["retail", "service"]}},
         {"name": "budget", "type": "number", "required": true,
          "validation": {"minimum": 1000, "maximum": 10000000}},
         {"name": "location", "type": "string", "required": false, "default": "urban"}],
       "misc_data": {"author": "somebody"}}
      """;
  private static final String INPUTS =
      "{\"inputs\": {\"business_type\": \"retail\", \"budget\": 50000}, \"metadata\": {\"user_id\": \"u\"}}";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(TestStore.class)
  void keepsRunsAndTellsOfWorkflows(TestStore store) throws Exception {
    try (var server = new WorkflowServer(folder, store)) {
      keeps(server);
      runs(server);
      graphs(server);
      cancels(server);
      streams(server);
      changes(server);
      assertThat(server.contract.untriedOperations())
          .filteredOn(operation -> !operation.matches("\\S+ /(health|service|mcp|workspace/).*"))
          .isEmpty();
    }
  }

  @Test
  void aCallMayWaitLongerThanItsConnectionMayBeIdle() throws Exception {
    var http = new HttpConfig(Set.of(), Set.of(), 100_000, Duration.ofMillis(300));
    var limits = new ComputeConfig.Limits(0, 0, 0);
    try (var server = new WorkflowServer(folder, TestStore.SQLITE, limits, http)) {
      server.engine.definitions().save("graph", "slow", SLOW);
      Thread late =
          Thread.ofVirtual()
              .start(() -> {
                LockSupport.parkNanos(Duration.ofMillis(1_500).toNanos());
                server.player.release("slow");
              });
      JsonNode done = server.posted("/graphs/slow/execute", "{\"input\": {\"task\": \"x\"}}");
      assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("completed");
      late.join();
    }
  }

  private static void keeps(WorkflowServer server) throws Exception {
    HttpResponse<String> created = server.post("/workflows", PLAN);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(Json.read(created.body()).path("slug").asString()).isEqualTo("business-plan");
    assertThat(server.post("/workflows", PLAN).statusCode()).isEqualTo(409);
    HttpResponse<String> bad =
        server.post(
            "/workflows",
            """
            {"name": "Bad", "strategy_definition": {"steps": [
              {"step_number": 1, "name": "a", "dependencies": [2]},
              {"step_number": 2, "name": "b", "dependencies": [1, 9]}]},
             "input_fields": [{"name": "x", "type": "odd"}]}
            """);
    assertThat(bad.statusCode()).isEqualTo(422);
    assertThat(bad.body()).contains("circle").contains("there is no step 9").contains("odd");
    assertThat(server.post("/workflows", "{nonsense").statusCode()).isEqualTo(400);

    String yaml = "name: From a file\nstrategy_definition:\n  steps:\n    - name: only\n";
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"w.yaml\"\r\n"
            + "Content-Type: application/x-yaml\r\n\r\n"
            + yaml
            + "\r\n--b--\r\n";
    HttpResponse<String> uploaded =
        server.send(
            server
                .request("/workflows")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(form)));
    assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
    assertThat(Json.read(uploaded.body()).path("slug").asString()).isEqualTo("from-a-file");

    JsonNode list = server.get("/workflows?search=plans&tags=planning&category=business");
    assertThat(list.path("total").asInt()).isEqualTo(1);
    assertThat(list.path("workflows").get(0).path("execution_count").asInt(-1)).isZero();
    assertThat(server.send(server.request("/workflows/from-a-file").DELETE()).statusCode())
        .isEqualTo(200);
    assertThat(server.get("/workflows").path("total").asInt()).isEqualTo(1);
    assertThat(server.get("/workflows?include_archived=true").path("total").asInt()).isEqualTo(2);
    assertThat(server.get("/workflows?status=archived").path("total").asInt()).isEqualTo(1);
    assertThat(server.get("/workflows/from-a-file/versions").path("total").asInt()).isEqualTo(2);
    assertThat(server.post("/workflows/from-a-file/execute", "{}").statusCode()).isEqualTo(409);

    JsonNode fields = server.get("/workflows/business-plan/input-fields");
    assertThat(fields.path("json_schema").path("required").toString())
        .isEqualTo("[\"business_type\",\"budget\"]");
    JsonNode invalid =
        server.posted(
            "/workflows/business-plan/validate-input",
            "{\"inputs\": {\"business_type\": \"coffee_shop\", \"budget\": 5}}");
    assertThat(invalid.path("valid").asBoolean(true)).isFalse();
    assertThat(invalid.path("errors").get(0).path("message").asString())
        .isEqualTo("Value 'coffee_shop' is not in allowed enum: [retail, service]");
    assertThat(invalid.path("errors").get(1).path("field").asString()).isEqualTo("budget");
    assertThat(server.get("/workflows/business-plan/steps").path("total_steps").asInt())
        .isEqualTo(2);
    assertThat(
            server
                .get("/workflows/business-plan/steps/2")
                .path("retry_policy")
                .path("max_retries")
                .asInt())
        .isEqualTo(2);
    assertThat(
            server.get("/workflows/business-plan/misc").path("misc_data").path("author").asString())
        .isEqualTo("somebody");
    assertThat(server.send(server.request("/workflows/unknown")).statusCode()).isEqualTo(404);
  }

  private static void changes(WorkflowServer server) throws Exception {
    assertThat(method(server, "PATCH", "/workflows/held", "{\"tags\": [\"kept\"]}")).isEqualTo(200);
    assertThat(server.get("/workflows/held").path("tags").toString()).isEqualTo("[\"kept\"]");
    assertThat(server.get("/workflows/held/steps").path("total_steps").asInt()).isEqualTo(2);
    assertThat(method(server, "PATCH", "/workflows/held", "{\"slug\": \"other\"}")).isEqualTo(422);
    assertThat(method(server, "PUT", "/workflows/held", "{\"name\": \"Held\"}")).isEqualTo(422);
    assertThat(
            method(
                server,
                "PUT",
                "/workflows/held",
                "{\"name\": \"Held\", \"strategy_definition\": {\"steps\": [{\"name\": \"x\"}]}}"))
        .isEqualTo(200);
    assertThat(server.get("/workflows/held/versions").path("total").asInt()).isEqualTo(3);
    assertThat(server.post("/workflows/held/archive", "{}").statusCode()).isEqualTo(200);
    assertThat(server.get("/workflows/held").path("status").asString()).isEqualTo("archived");
    assertThat(server.post("/workflows/held/restore", "{}").statusCode()).isEqualTo(200);
    assertThat(server.get("/workflows/held").path("status").asString()).isEqualTo("active");
    assertThat(
            server
                .post(
                    "/workflows",
                    "{\"name\": \"Checkpoints\", \"strategy_definition\": {\"steps\": [{\"name\": \"x\"}]}}")
                .statusCode())
        .as("a slug that is a route")
        .isEqualTo(422);
  }

  private static int method(WorkflowServer server, String method, String path, String json)
      throws Exception {
    return server
        .send(
            server
                .request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json)))
        .statusCode();
  }

  private static void runs(WorkflowServer server) throws Exception {
    HttpResponse<String> refused =
        server.post(
            "/workflows/business-plan/execute",
            "{\"inputs\": {\"business_type\": \"retail\", \"budget\": -1000}}");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(Json.read(refused.body()).path("error").path("details").toString())
        .isEqualTo("{\"field\":\"budget\",\"value\":-1000,\"constraint\":\"minimum: 1000\"}");
    String id = server.run("business-plan", INPUTS);
    assertThat(id).startsWith("wfexec_");
    JsonNode info = server.get("/executions/" + id + "/info");
    assertThat(info.path("status").asString()).as(info.toString()).isEqualTo("completed");
    assertThat(info.path("outputs").toString())
        .isEqualTo("{\"analysis\":\"fine\",\"market_research\":\"retail market\"}");
    assertThat(info.path("steps_completed")).hasSize(2);
    assertThat(info.path("inputs").has("_metadata")).isFalse();
    JsonNode execution = server.get("/executions/" + id);
    assertThat(execution.path("metadata").path("user_id").asString()).isEqualTo("u");
    assertThat(execution.path("progress").path("percentage").asInt()).isEqualTo(100);
    JsonNode steps = server.get("/executions/" + id + "/steps").path("step_executions");
    String step = steps.get(0).path("step_execution_id").asString();
    assertThat(server.get("/step-executions/" + step).path("status").asString())
        .isEqualTo("completed");
    JsonNode events = server.get("/executions/" + id + "/events?event_type=step_completed");
    assertThat(events.path("total").asInt()).isEqualTo(2);
    JsonNode analytics = server.get("/workflows/business-plan/analytics?granularity=month");
    assertThat(analytics.path("summary").path("successful_executions").asInt()).isEqualTo(1);
    assertThat(analytics.path("summary").path("success_rate").asDouble()).isEqualTo(1.0);
    assertThat(analytics.path("step_analytics")).hasSize(2);
    assertThat(analytics.path("cost_breakdown").path("llm_costs").path("tiny").asDouble())
        .isEqualTo(0.02);
    assertThat(analytics.path("timeline").get(0).path("executions").asInt()).isEqualTo(1);
    assertThat(server.get("/metrics/step-executions").path("summary").path("successful").asInt())
        .isEqualTo(2);
    JsonNode kept = server.get("/workflows/checkpoints?execution_id=" + id);
    assertThat(kept.path("total").asInt()).isEqualTo(2);
    JsonNode second = kept.path("checkpoints").get(0);
    assertThat(second.path("step_number").asInt()).isEqualTo(2);
    assertThat(second.path("state_snapshot").toString())
        .isEqualTo(
            "{\"completed_steps\":[1],\"current_step\":2,\"intermediate_results\":{\"step_1\":{\"analysis\":\"fine\"}}}");
    assertThat(server.get("/workflows/checkpoints?offset=1&limit=1").path("checkpoints").get(0))
        .isEqualTo(kept.path("checkpoints").get(1));
    assertThat(server.get("/workflows/checkpoints").path("total").asInt()).isEqualTo(2);
    assertThat(
            server
                .get("/workflows/business-plan")
                .path("statistics")
                .path("success_rate")
                .asDouble())
        .isEqualTo(1.0);
    assertThat(
            server
                .posted("/workflows/business-plan/execute", INPUTS)
                .path("estimated_completion")
                .isString())
        .isTrue();
  }

  private static void graphs(WorkflowServer server) throws Exception {
    server.engine.definitions().save("graph", "ASIS", GRAPH);
    server.engine.definitions().save("graph", "slow", SLOW);
    assertThat(server.get("/graphs?category=core").path("total").asInt()).isEqualTo(2);
    assertThat(server.get("/graphs/ASIS").path("nodes").get(0).path("name").asString())
        .isEqualTo("planner");
    JsonNode done = server.posted("/graphs/ASIS/execute", "{\"input\": {\"task\": \"x\"}}");
    assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("completed");
    assertThat(done.path("execution_id").asString()).startsWith("exec_");
    assertThat(done.path("result").path("output").toString()).contains("planned");
    JsonNode legacy =
        server.posted("/execute", "{\"graph_name\": \"ASIS\", \"user_input\": \"x\"}");
    assertThat(legacy.path("status").asString()).isEqualTo("completed");
    HttpResponse<String> slow =
        server.post(
            "/graphs/slow/execute",
            "{\"input\": {\"task\": \"x\"}, \"config\": {\"timeout\": 0.2}}");
    assertThat(slow.statusCode()).isEqualTo(202);
    assertThat(Json.read(slow.body()).path("message").asString())
        .startsWith(
            "Graph execution has not ended within 0.2 seconds and goes on. Use /executions/");
    server.player.release("slow");
    String slowId = Json.read(slow.body()).path("execution_id").asString();
    server.awaitEnd(slowId);
    assertThat(server.get("/executions/" + slowId).path("status").asString())
        .isEqualTo("completed");

    assertThat(
            server
                .post(
                    "/workflows",
                    """
                    {"name": "By graph", "graph_name": "ASIS", "strategy_definition":
                      {"steps": [{"name": "Do"}]}}
                    """)
                .statusCode())
        .isEqualTo(201);
    String id = server.run("by-graph", "{}");
    JsonNode nodes = server.get("/executions/" + id + "/node-executions");
    assertThat(nodes.path("node_executions").findValuesAsString("node_name"))
        .contains("step_1", "planner");
    assertThat(
            server
                .get("/workflows/by-graph/analytics")
                .path("cost_breakdown")
                .path("total_cost_usd")
                .asDouble())
        .as("what the graph consumed")
        .isEqualTo(0.01);
  }

  private static void cancels(WorkflowServer server) throws Exception {
    assertThat(
            server
                .post(
                    "/workflows",
                    """
                    {"name": "Held", "strategy_definition": {"steps": [
                      {"name": "First", "prompt": "[hold {key}] [say] through"},
                      {"name": "Second", "prompt": "[say] no"}]}}
                    """)
                .statusCode())
        .isEqualTo(201);
    String id =
        server
            .posted("/workflows/held/execute", "{\"inputs\": {\"key\": \"a\"}}")
            .path("execution_id")
            .asString();
    server.player.awaitBegun("a");
    assertThat(server.get("/executions").path("executions").findValuesAsString("execution_id"))
        .contains(id);
    assertThat(
            server.get("/step-executions").path("step_executions").get(0).path("status").asString())
        .isEqualTo("running");
    JsonNode told = server.posted("/executions/" + id + "/cancel", "{}");
    assertThat(told.path("status").asString()).isEqualTo("cancelling");
    server.player.release("a");
    server.awaitEnd(id);
    assertThat(server.get("/executions/" + id).path("status").asString()).isEqualTo("cancelled");
    JsonNode steps = server.get("/executions/" + id + "/steps").path("step_executions");
    assertThat(steps.findValuesAsString("status")).isEqualTo(List.of("completed", "skipped"));
    assertThat(server.post("/executions/" + id + "/cancel", "{}").statusCode()).isEqualTo(409);

    String second =
        server
            .posted("/workflows/held/execute", "{\"inputs\": {\"key\": \"b\"}}")
            .path("execution_id")
            .asString();
    server.player.awaitBegun("b");
    String step =
        server
            .get("/step-executions?execution_id=" + second)
            .path("step_executions")
            .get(0)
            .path("step_execution_id")
            .asString();
    assertThat(
            server.posted("/step-executions/" + step + "/cancel", "{}").path("status").asString())
        .isEqualTo("cancelled");
    assertThat(server.get("/step-executions/" + step).path("status").asString())
        .isEqualTo("cancelled");
    String atOnce =
        server
            .posted("/workflows/held/execute", "{\"inputs\": {\"key\": \"d\"}}")
            .path("execution_id")
            .asString();
    server.player.awaitBegun("d");
    JsonNode ended = server.posted("/executions/" + atOnce + "/cancel", "{\"graceful\": false}");
    assertThat(ended.path("status").asString()).isEqualTo("cancelled");
    assertThat(server.get("/executions/" + atOnce).path("status").asString())
        .isEqualTo("cancelled");
    String third =
        server
            .posted(
                "/workflows/held/execute",
                "{\"inputs\": {\"key\": \"c\"}, \"config\": {\"timeout_per_step\": 0.2}}")
            .path("execution_id")
            .asString();
    server.awaitEnd(third);
    assertThat(server.get("/executions/" + third).path("error").path("type").asString())
        .isEqualTo("TimeoutError");
  }

  private static void streams(WorkflowServer server) throws Exception {
    HttpResponse<String> stream = server.post("/workflows/business-plan/execute/stream", INPUTS);
    List<String> names =
        Stream.of(stream.body().split("\n"))
            .filter(line -> line.startsWith("event: "))
            .map(line -> line.substring(7))
            .toList();
    assertThat(names)
        .startsWith("execution_started", "step_started")
        .endsWith("execution_completed");
    String last =
        Stream.of(stream.body().split("\n"))
            .filter(line -> line.startsWith("id: "))
            .skip(2)
            .findFirst()
            .orElseThrow()
            .substring(4);
    String id = stream.headers().firstValue("X-Execution-Id").orElseThrow();
    HttpResponse<String> rest =
        server.send(server.request("/executions/" + id + "/stream").header("Last-Event-ID", last));
    assertThat(rest.body().split("event: ")).hasSize(names.size() - 3 + 1);
  }
}
