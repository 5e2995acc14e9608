package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Errors name the field, its value and the rule that it breaks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests
final class ErrorDetailsTest {
  private WorkflowServer server;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    server = new WorkflowServer(folder, TestStore.SQLITE);
    server
        .engine
        .definitions()
        .save(
            "graph",
            "strict",
            """
            name: strict
            input_schema:
              type: object
              required: [task]
              properties: {task: {type: string}, size: {type: integer, minimum: 1}}
            state: {count: integer}
            nodes: [{name: one, type: transform_node, set: {count: 1}}]
            edges: [{from: START, to: one}, {from: one, to: END}]
            """);
  }

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void ofInputsOfGraphs() throws Exception {
    detailed("{\"task\": \"x\", \"size\": 0}", "size", "0", "minimum: 1");
    detailed("{\"task\": 7}", "task", "7", "type: string");
    detailed("{\"task\": \"x\", \"count\": \"many\"}", "count", "\"many\"", "type: integer");
    JsonNode missing = details("/graphs/strict/execute", "{\"input\": {}}", 422);
    assertThat(missing.path("field").asString()).isEqualTo("task");
    assertThat(missing.path("constraint").asString()).isEqualTo("required");
    same(
        details("/graphs/strict/execute", "{\"input\": {}, \"async\": \"yes\"}", 422),
        "async",
        "\"yes\"",
        "type: boolean");
  }

  private void detailed(String input, String field, String value, String constraint)
      throws Exception {
    same(
        details("/graphs/strict/execute", "{\"input\": %s}".formatted(input), 422),
        field,
        value,
        constraint);
  }

  @Test
  void ofQueries() throws Exception {
    for (String[] one :
        new String[][] {
          {"/executions?limit=-1", "limit", "\"-1\"", "a whole number from 1 on"},
          {"/graphs?offset=x", "offset", "\"x\"", "a whole number from 0 on"},
          {
            "/service/workspaces/default/files?limit=x",
            "limit",
            "\"x\"",
            "a whole number from 1 on"
          },
          {
            "/metrics/step-executions?start_date=soon",
            "start_date",
            "\"soon\"",
            "an ISO 8601 date as 2025-10-24T12:00:00Z"
          },
        }) {
      HttpResponse<String> answer = server.send(server.request(one[0]));
      assertThat(answer.statusCode()).as(one[0]).isEqualTo(400);
      same(Json.read(answer.body()).at("/error/details"), one[1], one[2], one[3]);
    }
  }

  @Test
  void ofDocumentsAndStarts() throws Exception {
    String document =
        "{\"name\": \"Twice\", \"strategy_definition\": {\"steps\": [{\"name\": \"One\", \"prompt\": \"[say] x\"}]}}";
    assertThat(server.post("/workflows", document).statusCode()).isEqualTo(201);
    HttpResponse<String> again = server.post("/workflows", document);
    assertThat(again.statusCode()).isEqualTo(409);
    JsonNode error = Json.read(again.body()).path("error");
    assertThat(error.path("type").asString()).isEqualTo("ResourceError");
    same(error.path("details"), "slug", "\"twice\"", "unique");
    same(
        details("/workflows/twice/execute", "{\"config\": {\"max_retries\": -1}}", 422),
        "config.max_retries",
        "-1",
        "type: integer, minimum: 0");
    JsonNode wrong =
        details(
            "/workflows",
            document.replace("\"prompt\"", "\"parallel_execution\": \"both\", \"prompt\""),
            422);
    assertThat(wrong.path("value").asString()).isEqualTo("both");
  }

  private JsonNode details(String path, String body, int status) throws Exception {
    HttpResponse<String> answer = server.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return Json.read(answer.body()).at("/error/details");
  }

  private static void same(JsonNode details, String field, String value, String constraint) {
    assertThat(details.path("field").asString()).isEqualTo(field);
    assertThat(details.path("value").toString()).isEqualTo(value);
    assertThat(details.path("constraint").asString()).isEqualTo(constraint);
  }
}
