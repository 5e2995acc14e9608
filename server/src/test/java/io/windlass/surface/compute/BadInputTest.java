package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Workflows and configurations that are wrong: each is refused with its field, value and rule. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the server is set before the tests
final class BadInputTest {
  private static final String STEPS =
      "\"strategy_definition\": {\"steps\": [{\"name\": \"Only\", \"prompt\": \"x\"}]}";
  private ComputeServer server;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    var limits = new ComputeConfig.Limits(100_000, 50, 100);
    server = new ComputeServer(folder, TestStore.SQLITE, limits, Set.of());
  }

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void takesTheSchemaThatItShows() throws Exception {
    String schema =
        "{\"type\": \"object\", \"required\": [\"n\"], \"properties\": {\"n\": {\"type\": \"integer\","
            + " \"minimum\": 3}, \"free\": {\"description\": \"anything\"}}}";
    for (String key : List.of("json_schema", "input_schema")) {
      String slug = key.replace('_', '-');
      HttpResponse<String> made =
          server.post(
              "/workflows", workflow("\"slug\": \"%s\", \"%s\": %s".formatted(slug, key, schema)));
      assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
      JsonNode shown = server.json("/workflows/" + slug + "/input-fields");
      assertThat(shown.path("json_schema")).isEqualTo(Json.read(schema));
      assertThat(shown.path("input_fields")).hasSize(2);
    }
    refused(
        workflow("\"json_schema\": {\"properties\": {\"n\": {\"minimum\": \"x\"}}}"),
        "json_schema.properties.n",
        "",
        "minimum");
  }

  @Test
  void refusesABrokenForm() throws Exception {
    for (String body :
        List.of(
            "abc",
            "",
            "--zz",
            "--zz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.yaml\"\r\n\r\nname: x",
            "--zz\r\nno header\r\n\r\nname: x\r\n--zz--\r\n",
            "--zz\r\n\r\nname: x\r\n--zz--\r\n")) {
      HttpResponse<String> answer =
          server.send(
              server
                  .request("/workflows")
                  .header("Content-Type", "multipart/form-data; boundary=zz")
                  .POST(BodyPublishers.ofString(body)));
      assertThat(answer.statusCode()).as(body + " -> " + answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("ERR_VALIDATION_001");
    }
  }

  @Test
  void namesAWrongDependencyOnce() throws Exception {
    String body =
        "{\"name\": \"W\", \"strategy_definition\": {\"steps\": [{\"name\": \"A\"},"
            + " {\"name\": \"B\", \"dependencies\": [\"five\"]}]}}";
    JsonNode details =
        refused(body, "strategy_definition.steps.1.dependencies.0", "five", "number");
    assertThat(details.has("errors")).as(details.toString()).isFalse();
  }

  @Test
  void refusesWrongTypesOfAWorkflow() throws Exception {
    refused("{\"name\": 5, " + STEPS + "}", "name", "5", "type: string");
    refused(workflow("\"description\": 7"), "description", "7", "type: string");
    refused(
        workflow("\"category\": \"zzz\""),
        "category",
        "zzz",
        "enum: [business, research, education, creative, technical, custom]");
    refused(workflow("\"category\": 3"), "category", "3", "enum: [business");
    refused(
        "{\"name\": \"W\", \"strategy_definition\": {\"steps\": [{\"name\": 9}]}}",
        "strategy_definition.steps.0.name",
        "9",
        "type: string");
  }

  @Test
  void refusesWrongTypesOfAConfiguration() throws Exception {
    assertThat(server.post("/workflows", workflow("\"slug\": \"configured\"")).statusCode())
        .isEqualTo(201);
    String path = "/workflows/configured/execute";
    refused(path, "{\"config\": {\"max_retries\": 1.5}}", "config.max_retries", "1.5", "integer");
    refused(path, "{\"config\": {\"max_retries\": -1}}", "config.max_retries", "-1", "minimum: 0");
    refused(path, "{\"config\": {\"timeout\": 0}}", "config.timeout", "0", "exclusiveMinimum: 0");
    refused(
        path, "{\"config\": {\"enable_tracing\": \"x\"}}", "config.enable_tracing", "x", "boolean");
    HttpResponse<String> started =
        server.post(
            path,
            "{\"config\": {\"max_retries\": 2.0, \"timeout\": 9.5, \"enable_tracing\": true}}");
    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    String id = Json.read(started.body()).path("execution_id").asString();
    String cancel = "/executions/" + id + "/cancel";
    refused(cancel, "{\"reason\": 5}", "reason", "5", "type: string");
  }

  @Test
  void refusesWrongTypesOfAGraphsConfiguration() throws Exception {
    String graph =
        "name: G\nnodes:\n  - {name: one, type: transform, operation: template, template_str: hi,"
            + " output: a}\nedges:\n  - {from: START, to: one}\n  - {from: one, to: END}\n";
    server.engine.definitions().save("graph", "configured", graph);
    String path = "/graphs/configured/execute";
    refused(
        path, "{\"config\": {\"max_retries\": 1.5}}", "config.max_retries", "1.5", "minimum: 0");
    refused(
        path, "{\"config\": {\"enable_tracing\": \"x\"}}", "config.enable_tracing", "x", "boolean");
  }

  @Test
  void saysThatANameGivesNoSlug() throws Exception {
    String name = "\u65e5\u672c \u00fc";
    refused("{\"name\": \"" + name + "\", " + STEPS + "}", "name", name, "slug");
    String slugged = "{\"name\": \"" + name + "\", \"slug\": \"nihon\", " + STEPS + "}";
    assertThat(server.post("/workflows", slugged).statusCode()).isEqualTo(201);
  }

  private static String workflow(String fields) {
    return "{\"name\": \"W\", " + fields + ", " + STEPS + "}";
  }

  private JsonNode refused(String body, String field, String value, String constraint)
      throws Exception {
    return refused("/workflows", body, field, value, constraint);
  }

  private JsonNode refused(String path, String body, String field, String value, String constraint)
      throws Exception {
    HttpResponse<String> answer = server.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    JsonNode details = Json.read(answer.body()).at("/error/details");
    assertThat(details.path("field").asString()).as(answer.body()).isEqualTo(field);
    assertThat(Json.show(details.get("value"))).as(answer.body()).isEqualTo(value);
    assertThat(details.path("constraint").asString()).contains(constraint);
    return details;
  }
}
