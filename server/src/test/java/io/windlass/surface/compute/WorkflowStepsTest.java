package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What the fields of a workflow's steps do to a run, on each database. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class WorkflowStepsTest {
  @Parameter private TestStore store;
  private WorkflowServer server;

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path folder) throws Exception {
    store = database;
    server = new WorkflowServer(folder, store, new ComputeConfig.Limits(0, 2, 0));
  }

  @AfterParameterizedClassInvocation
  void close() {
    server.close();
  }

  @Test
  void aStepWithDependenciesWaitsForThemAlone() throws Exception {
    save(
        "deps",
        """
        {"name": "One", "prompt": "[say] one"},
        {"name": "Two", "prompt": "[hold deps] [say] two"},
        {"name": "Three", "prompt": "[say] {step_1} three", "dependencies": [1]},
        {"name": "Four", "prompt": "[say] {step_2} {step_3}", "dependencies": [2, 3]}
        """);
    String id = start("deps", "{}");
    awaitStatus(id, 3, "completed");
    assertThat(status(id, 2)).isEqualTo("running");
    assertThat(status(id, 4)).isEqualTo("pending");
    server.player.release("deps");
    server.awaitEnd(id);
    assertThat(server.get("/executions/" + id + "/info").at("/outputs/four").asString())
        .isEqualTo("two one three");
  }

  @Test
  void stepsFollowEachOther_unlessTheyAreParallel() throws Exception {
    save(
        "order",
        """
        {"name": "One", "prompt": "[hold one] [say] one"},
        {"name": "Two", "prompt": "[hold two] [say] two", "parallel_execution": true},
        {"name": "Three", "prompt": "[hold three] [say] three", "parallel_execution": true},
        {"name": "Four", "prompt": "[say] four"}
        """);
    String id = start("order", "{}");
    server.player.awaitBegun("one");
    assertThat(status(id, 2)).isEqualTo("pending");
    server.player.release("one");
    server.player.awaitBegun("two");
    server.player.awaitBegun("three");
    server.player.release("two");
    awaitStatus(id, 2, "completed");
    assertThat(status(id, 4)).as("waits for both").isEqualTo("pending");
    server.player.release("three");
    server.awaitEnd(id);
    assertThat(status(id, 4)).isEqualTo("completed");
  }

  @Test
  void aStepIsTriedAgainAsItsPolicySays_orAsTheRunSays() throws Exception {
    save(
        "retried",
        """
        {"name": "One", "prompt": "[fail-once {key}] [say] at last",
         "retry_policy": {"max_retries": 1, "retry_delay": 0, "exponential_backoff": false}}
        """);
    String id = server.run("retried", "{\"inputs\": {\"key\": \"a\"}}");
    JsonNode step = step(id, 1);
    assertThat(step.path("status").asString()).isEqualTo("completed");
    assertThat(step.path("retry_count").asInt()).isEqualTo(1);
    assertThat(step.path("max_retries").asInt()).isEqualTo(1);
    assertThat(server.get("/executions/" + id + "/events?event_type=step_retrying").path("total"))
        .isEqualTo(Json.tree(1));
    String never =
        server.run("retried", "{\"inputs\": {\"key\": \"b\"}, \"config\": {\"max_retries\": 0}}");
    assertThat(step(never, 1).path("status").asString()).isEqualTo("failed");
    assertThat(server.get("/executions/" + never).at("/error/step_number").asInt()).isEqualTo(1);
  }

  @Test
  void theShorterOfTwoTimesBoundsAStep_andTheRunsOwnAllOfIt() throws Exception {
    save(
        "timed",
        """
        {"name": "One", "prompt": "[hold {key}] [say] late", "timeout": 50}
        """);
    for (String config : new String[] {"timeout_per_step", "timeout"}) {
      String id =
          server.run(
              "timed",
              "{\"inputs\": {\"key\": \"timed-%s\"}, \"config\": {\"%s\": 0.1}}"
                  .formatted(config, config));
      JsonNode seen = server.get("/executions/" + id);
      assertThat(seen.at("/error/type").asString()).as(config).isEqualTo("TimeoutError");
      assertThat(seen.at("/error/code").asString()).isEqualTo("ERR_EXEC_002");
      if (config.equals("timeout_per_step")) {
        assertThat(step(id, 1).path("timeout_seconds").asDouble()).isEqualTo(0.1);
      }
    }
    assertThat(
            server
                .post("/workflows/timed/execute", "{\"config\": {\"timeout_per_step\": \"soon\"}}")
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void stepExecutionsAreListedByStatus_orAllOfThem() throws Exception {
    save(
        "listed",
        """
        {"name": "One", "prompt": "[say] one"},
        {"name": "Two", "prompt": "[fail]"},
        {"name": "Three", "prompt": "[say] three"}
        """);
    String path = "/step-executions?workflow_slug=listed&status=";
    var _ = server.run("listed", "{}");
    assertThat(server.get(path + "all").path("total").asInt()).isEqualTo(3);
    assertThat(server.get(path + "completed,failed").path("total").asInt()).isEqualTo(2);
    assertThat(server.get(path + "active").path("total").asInt()).isZero();
    assertThat(server.get(path + "done").at("/error/message").asString()).contains("active, all");
  }

  @Test
  void resultsOfOneNameAllStandInTheOutputs() throws Exception {
    save(
        "same",
        """
        {"name": "Same", "prompt": "[say] 7"},
        {"name": "Same", "prompt": "[say] 8"},
        {"name": "Made", "prompt": "[say] {\\"same\\": 9, \\"made\\": 1}",
         "output_schema": {"type": "object", "properties": {"same": {"type": "integer"}}}}
        """);
    String id = server.run("same", "{}");
    JsonNode outputs = server.get("/executions/" + id + "/info").path("outputs");
    assertThat(outputs.path("same").asString()).isEqualTo("9");
    assertThat(outputs.path("same_1").asString()).isEqualTo("7");
    assertThat(outputs.path("same_2").asString()).isEqualTo("8");
  }

  @Test
  void whatNobodyKnowsThePriceOfCostsNotNothing() throws Exception {
    save(
        "unpriced",
        """
        {"name": "One", "prompt": "[unpriced] [say] one"},
        {"name": "Two", "prompt": "[free] [say] two"}
        """);
    server.run("unpriced", "{}");
    JsonNode unknown = server.get("/workflows/unpriced/analytics").path("cost_breakdown");
    assertThat(unknown.path("total_cost_usd").isNull()).as(unknown.toString()).isTrue();
    assertThat(unknown.path("incomplete").asBoolean()).isTrue();

    save(
        "partly-priced",
        """
        {"name": "One", "prompt": "[unpriced] [say] one"},
        {"name": "Two", "prompt": "[say] two"}
        """);
    server.run("partly-priced", "{}");
    JsonNode partly = server.get("/workflows/partly-priced/analytics").path("cost_breakdown");
    assertThat(partly.path("total_cost_usd").asDouble()).isEqualTo(0.01);
    assertThat(partly.path("incomplete").asBoolean()).isTrue();

    save("free", "{\"name\": \"One\", \"prompt\": \"[free] [say] one\"}");
    server.run("free", "{}");
    JsonNode free = server.get("/workflows/free/analytics").path("cost_breakdown");
    assertThat(free.path("total_cost_usd").isNumber()).as(free.toString()).isTrue();
    assertThat(free.path("total_cost_usd").asDouble()).isZero();
    assertThat(free.has("incomplete")).isFalse();
  }

  @Test
  void whatIsCutOffEndsWithItsExecution_andIsOfTheKindThatDoesIt() throws Exception {
    save("cut", "{\"name\": \"One\", \"prompt\": \"[hold cut] [say] one\"}");
    String id = start("cut", "{}");
    server.player.awaitBegun("cut");
    var _ = server.post("/executions/" + id + "/cancel", "{\"graceful\": false}");
    assertThat(status(id, 1)).isEqualTo("cancelled");
    for (JsonNode step :
        List.of(
            listed(id, 1),
            step(id, 1),
            server.get("/executions/" + id + "/node-executions").at("/node_executions/0"))) {
      assertThat(step.path("completed_at").isString()).as(step.toString()).isTrue();
      assertThat(step.path("duration_seconds").isNumber()).as(step.toString()).isTrue();
    }
    assertThat(
            server
                .get("/executions/" + id + "/node-executions")
                .at("/node_executions/0/node_type")
                .asString())
        .isEqualTo("llm_node");
    String timed = server.run("cut", "{\"config\": {\"timeout\": 1}}");
    assertThat(server.get("/executions/" + timed).at("/error/message").asString())
        .isEqualTo("Timed out after 1000 ms");
  }

  @Test
  void aNodeVisitedOftenCountsAllOfItsVisits() throws Exception {
    server
        .engine
        .definitions()
        .save(
            "graph",
            "often",
            """
            name: often
            state: {n: {type: integer, reducer: add}, said: string}
            nodes:
            - {name: say, type: llm_node, prompt: "[say] x", output: said}
            - {name: count, type: transform_node, set: {n: 1}}
            edges:
            - {from: START, to: say}
            - {from: say, to: count}
            - {from: count, to: say, condition: "{n} < 3", else: END}
            """);
    String id =
        server.posted("/graphs/often/execute", "{\"input\": {}}").path("execution_id").asString();
    JsonNode nodes = server.get("/executions/" + id + "/node-executions").path("node_executions");
    double all =
        nodes.values().stream()
            .filter(node -> node.path("node_name").asString().equals("say"))
            .mapToDouble(node -> node.path("duration_seconds").asDouble())
            .sum();
    JsonNode step = listed(id, 1);
    assertThat(step.path("duration_seconds").asDouble()).isCloseTo(all, within(0.02));
    assertThat(step.path("started_at")).isEqualTo(nodes.get(0).path("started_at"));
    JsonNode started =
        server
            .get("/executions/" + id + "/events?event_type=execution_started")
            .at("/events/0/data");
    assertThat(started.path("workflow_slug").isNull()).isTrue();
    assertThat(started.path("graph_name").asString()).isEqualTo("often");
  }

  @Test
  void aGraphIsHandedNumbersListsAndFlagsAsTheyAre() throws Exception {
    server
        .engine
        .definitions()
        .save(
            "graph",
            "takes",
            """
            name: takes
            input_schema:
              type: object
              required: [count, tags, sure, deep, text]
              additionalProperties: false
              properties:
                count: {type: number}
                tags: {type: array}
                sure: {type: boolean}
                deep: {type: object}
                text: {type: string}
            nodes: [{name: take, type: transform_node, set: {taken: "{input}"}}]
            edges: [{from: START, to: take}, {from: take, to: END}]
            output: {taken: "{taken}"}
            """);
    save(
        "hands",
        """
        {"name": "One", "graph_name": "takes", "graph_input": {"count": "{count}", "tags": "{tags}",
         "sure": "{sure}", "deep": {"sure": "{sure}"}, "text": "{count} of {sure}"}}
        """);
    String id =
        server.run(
            "hands", "{\"inputs\": {\"count\": 4.5, \"tags\": [\"a\", 2], \"sure\": false}}");
    JsonNode info = server.get("/executions/" + id + "/info");
    assertThat(info.path("status").asString()).as(info.toString()).isEqualTo("completed");
    assertThat(info.at("/outputs/taken"))
        .isEqualTo(
            Json.read(
                """
                {"count": 4.5, "tags": ["a", 2], "sure": false, "deep": {"sure": false},
                 "text": "4.5 of false"}
                """));
  }

  @Test
  void inputsAreShownWithTheDefaultsOfWhatWasLeftOut() throws Exception {
    server
        .engine
        .definitions()
        .save(
            "graph",
            "standard",
            """
            name: standard
            input_schema:
              type: object
              properties: {a: {type: integer}, b: {type: integer, default: 7}}
            nodes: [{name: add, type: transform_node, set: {sum: "{a} {b}"}}]
            edges: [{from: START, to: add}, {from: add, to: END}]
            """);
    var saved =
        server.post(
            "/workflows",
            """
            {"name": "standards", "input_fields": [
               {"name": "place", "type": "string", "default": "urban"},
               {"name": "size", "type": "integer", "default": 3}],
             "strategy_definition": {"steps": [
               {"name": "One", "prompt": "[say] {place}"},
               {"name": "Two", "graph_name": "standard", "graph_input": {"a": 1}}]}}
            """);
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(201);
    String id =
        server.run("standards", "{\"inputs\": {\"size\": 4}, \"config\": {\"max_retries\": 0}}");
    JsonNode given = Json.read("{\"size\": 4, \"place\": \"urban\"}");
    assertThat(server.get("/executions/" + id + "/info").path("inputs")).isEqualTo(given);
    assertThat(step(id, 1).path("input")).isEqualTo(given);
    JsonNode nodes = server.get("/executions/" + id + "/node-executions").path("node_executions");
    assertThat(nodes.values())
        .extracting(node -> node.path("node_name").asString(), node -> node.path("input"))
        .containsExactly(
            tuple("step_1", given),
            tuple("step_2", given),
            tuple("add", Json.read("{\"a\": 1, \"b\": 7}")));
    String graph =
        server
            .posted("/graphs/standard/execute", "{\"input\": {\"a\": 2}}")
            .path("execution_id")
            .asString();
    JsonNode whole = Json.read("{\"a\": 2, \"b\": 7}");
    assertThat(server.get("/executions/" + graph + "/info").path("inputs")).isEqualTo(whole);
    assertThat(step(graph, 1).path("input")).isEqualTo(whole);
  }

  @Test
  void stepsOfOtherVersionsHaveFiguresOfTheirOwn() throws Exception {
    String document =
        "{\"name\": \"versions\", \"strategy_definition\": {\"steps\": [{\"name\": \"%s\", \"prompt\": \"%s\"}]}}";
    assertThat(server.post("/workflows", document.formatted("Old", "[fail]")).statusCode())
        .isEqualTo(201);
    var _ = server.run("versions", "{}");
    var changed =
        server.send(
            server
                .request("/workflows/versions")
                .header("Content-Type", "application/json")
                .PUT(
                    java.net.http.HttpRequest.BodyPublishers.ofString(
                        document.formatted("New", "[say] x"))));
    assertThat(changed.statusCode()).isEqualTo(200);
    var _ = server.run("versions", "{}");
    JsonNode figures = server.get("/workflows/versions/analytics").path("step_analytics");
    assertThat(figures.values())
        .extracting(it -> it.path("step_name").asString(), it -> it.path("failure_rate").asDouble())
        .containsExactly(tuple("New", 0.0), tuple("Old", 1.0));
  }

  @Test
  void aStepThatRequiresAServerFailsWithoutIt() throws Exception {
    save(
        "served",
        """
        {"name": "One", "prompt": "[say] one", "requires_mcp": ["set-up"]},
        {"name": "Two", "prompt": "[say] two", "requires_mcp": ["missing"],
         "retry_policy": {"max_retries": 3, "retry_delay": 100}}
        """);
    String id = server.run("served", "{}");
    assertThat(status(id, 1)).isEqualTo("completed");
    assertThat(server.get("/executions/" + id).at("/error/message").asString())
        .contains("Step 2", "requires the MCP server \"missing\"", "MCP settings file");
  }

  @Test
  void estimatesComeFromTheAuthor_untilThereAreRuns() throws Exception {
    save(
        "estimated",
        """
        {"name": "One", "prompt": "[say] one", "estimated_duration": 100},
        {"name": "Two", "prompt": "[hold {key}] [say] two", "estimated_duration": 300,
         "parallel_execution": true},
        {"name": "Three", "prompt": "[say] three", "estimated_duration": 200,
         "parallel_execution": true}
        """);
    JsonNode started =
        server.posted("/workflows/estimated/execute", "{\"inputs\": {\"key\": \"est-1\"}}");
    assertThat(seconds(started)).as("the longest way").isEqualTo(400);
    String id = started.path("execution_id").asString();
    server.player.awaitBegun("est-1");
    awaitStatus(id, 3, "completed");
    JsonNode seen = server.get("/executions/" + id);
    assertThat(seen.at("/progress/percentage").asInt()).as("300 of 600 s").isBetween(50, 52);
    assertThat(seconds(seen)).isEqualTo(400);
    assertThat(
            step(id, 2).path("estimated_completion").isMissingNode()
                && listed(id, 2).path("estimated_completion").isString())
        .isTrue();
    server.player.release("est-1");
    server.awaitEnd(id);
    JsonNode second =
        server.posted("/workflows/estimated/execute", "{\"inputs\": {\"key\": \"est-1\"}}");
    assertThat(seconds(second)).as("as long as the last one took").isLessThan(60);
  }

  @Test
  void oneAccountMayRunSoManyAtOnce() throws Exception {
    save("held", "{\"name\": \"One\", \"prompt\": \"[hold {key}] [say] one\"}");
    String first = start("held", "{\"inputs\": {\"key\": \"limit\"}}");
    String second = start("held", "{\"inputs\": {\"key\": \"limit\"}}");
    var refused = server.post("/workflows/held/execute", "{\"inputs\": {\"key\": \"limit\"}}");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(Json.read(refused.body()).at("/error/code").asString()).isEqualTo("ERR_RATE_001");
    var other =
        server.send(
            server
                .request("/workflows/held/execute")
                .header("X-User", "another")
                .header("Content-Type", "application/json")
                .POST(
                    java.net.http.HttpRequest.BodyPublishers.ofString(
                        "{\"inputs\": {\"key\": \"limit\"}}")));
    assertThat(other.statusCode()).as("another account").isEqualTo(202);
    server.player.release("limit");
    server.awaitEnd(first);
    server.awaitEnd(second);
    server.awaitEnd(Json.read(other.body()).path("execution_id").asString());
  }

  private static long seconds(JsonNode started) {
    return Duration.between(
            Instant.parse(started.path("started_at").asString()),
            Instant.parse(started.path("estimated_completion").asString()))
        .toSeconds();
  }

  private void save(String slug, String steps) throws Exception {
    var saved =
        server.post(
            "/workflows",
            "{\"name\": \"%s\", \"strategy_definition\": {\"steps\": [%s]}}"
                .formatted(slug, steps));
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(201);
  }

  private String start(String slug, String body) throws Exception {
    var started = server.post("/workflows/" + slug + "/execute", body);
    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    return Json.read(started.body()).path("execution_id").asString();
  }

  private JsonNode listed(String id, int number) throws Exception {
    return server.get("/executions/" + id + "/steps").path("step_executions").get(number - 1);
  }

  private JsonNode step(String id, int number) throws Exception {
    String step = listed(id, number).path("step_execution_id").asString();
    return server.get("/step-executions/" + step);
  }

  private String status(String id, int number) throws Exception {
    return listed(id, number).path("status").asString();
  }

  private void awaitStatus(String id, int number, String status) throws Exception {
    var execution = server.engine.executions().find(id).orElseThrow();
    try (var tail = server.engine.executions().tail(execution.id(), 0)) {
      while (!status(id, number).equals(status)) {
        assertThat(tail.next(Duration.ofSeconds(20)))
            .as("%s at step %d", status, number)
            .isPresent();
      }
    }
  }
}
