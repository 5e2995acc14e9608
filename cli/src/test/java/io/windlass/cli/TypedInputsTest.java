package io.windlass.cli;

import static io.windlass.cli.StubServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code -i} sends for the inputs that definitions declare. */
class TypedInputsTest {
  private static final String INPUTS =
      """
      {"inputs": [
        {"name": "topic", "type": "string"}, {"name": "count", "type": "integer"},
        {"name": "share", "type": "number"}, {"name": "deep", "type": "boolean"},
        {"name": "tags", "type": "array"}, {"name": "more", "type": "object"},
        {"name": "limit", "type": "[\\"integer\\",\\"null\\"]"}, {"name": "free", "type": "any"},
        {"name": "either", "type": "[\\"string\\",\\"integer\\"]"}]}\
      """;
  private static final String STARTED = "{\"id\":\"9\",\"public_id\":\"wf_9\"}";
  private final StubServer stub = new StubServer();

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void areReadAsTheDefinitionDeclaresThem() {
    stub.on("GET /v1/definitions/graph/typed", json(200, INPUTS))
        .on("POST /v1/executions", json(201, STARTED));

    var result =
        run(
            "run --kind graph typed -d -i topic=3 -i count=-3 -i share=2.5 -i deep=true"
                + " -i tags=[\"a\",1] -i more={\"k\":{}} -i limit=null -i free=4 -i either=5 -i odd=6");

    assertThat(result.err()).isEmpty();
    assertThat(stub.request("POST /v1/executions").json().path("input"))
        .isEqualTo(
            Documents.read(
                """
                {"topic": "3", "count": -3, "share": 2.5, "deep": true, "tags": ["a", 1],
                 "more": {"k": {}}, "limit": null, "free": "4", "either": "5", "odd": "6"}\
                """));
  }

  @Test
  void areRefusedWithTheirNameValueAndType() {
    stub.on("GET /v1/definitions/workflow/typed", json(200, INPUTS));
    String[][] wrong = {
      {"count=many", "integer", "many"},
      {"count=2.5", "integer", "2.5"},
      {"count=", "integer", "an empty text"},
      {"count=1 2", "integer", "1 2"},
      {"share=1,5", "number", "1,5"},
      {"deep=yes", "boolean", "yes"},
      {"tags=a,b", "array", "a,b"},
      {"more=[1]", "object", "[1]"},
      {"limit=x", "integer or null", "x"}
    };
    for (String[] one : wrong) {
      String name = one[0].substring(0, one[0].indexOf('='));
      var result = Shell.at(stub).run("run", "--kind", "workflow", "typed", "-i", one[0]);
      assertThat(result.exit()).as(one[0]).isEqualTo(2);
      assertThat(result.err())
          .contains("input " + name, "type " + one[1] + ",", one[2] + " is none", "-i " + name);
    }
    assertThat(stub.lines()).doesNotContain("POST /v1/executions");
  }

  @Test
  void comeFromTheDocumentItself_whenItIsAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.json"), "{}");
    stub.on("POST /v1/definitions/graph/validate?name=mine", json(200, INPUTS))
        .on("PUT /v1/definitions/graph/mine", json(201, "{}"))
        .on("POST /v1/definitions/graph/plan", json(200, "{\"status\":\"succeeded\"}"))
        .on("POST /v1/executions", json(201, STARTED));

    assertThat(run("run --kind graph -d -i count=3 " + file).exit()).isZero();
    assertThat(run("dry-run --kind graph -i count=3 " + file).exit()).isZero();

    assertThat(stub.request("POST /v1/executions").json().at("/input/count").isInt()).isTrue();
    assertThat(stub.request("POST /v1/definitions/graph/plan").json().at("/input/count").isInt())
        .isTrue();
    assertThat(run("run --kind graph -d -i count=x " + file).exit()).isEqualTo(2);
    assertThat(stub.lines().stream().filter(line -> line.startsWith("PUT"))).hasSize(1);
  }

  @Test
  void ofSchedulesAreThoseOfWhatTheyStart() {
    stub.on("GET /v1/definitions/graph/typed", json(200, INPUTS))
        .on("POST /v1/schedules", json(201, "{\"id\":\"s1\"}"))
        .on("GET /v1/schedules/s1", json(200, "{\"kind\":\"graph\",\"name\":\"typed\"}"))
        .on("PATCH /v1/schedules/s1", json(200, "{\"id\":\"s1\"}"));

    var made =
        Shell.at(stub)
            .run(
                "schedules",
                "create",
                "typed",
                "--kind",
                "graph",
                "--cron",
                "0 7 * * *",
                "-i",
                "count=3");
    assertThat(made.err()).isEmpty();
    assertThat(run("schedules update s1 -i deep=false").exit()).isZero();

    assertThat(stub.request("POST /v1/schedules").json().at("/input/count").isInt()).isTrue();
    assertThat(stub.request("PATCH /v1/schedules/s1").json().at("/input/deep").isBoolean())
        .isTrue();
  }

  @Test
  void stayTextForChainsAndPipelines() {
    stub.on("POST /execute/plain", json(200, "{\"executionId\":\"ab12\"}"))
        .on("POST /v1/executions", json(201, STARTED));

    assertThat(run("run plain -d -i count=3").exit()).isZero();
    assertThat(run("run --kind pipeline plain -d -i count=3").exit()).isZero();

    assertThat(stub.request("POST /execute/plain").json().at("/input/count").isString()).isTrue();
    assertThat(stub.request("POST /v1/executions").json().at("/input/count").isString()).isTrue();
    assertThat(stub.lines()).noneMatch(line -> line.contains("/v1/definitions"));
  }

  private Shell.Result run(String line) {
    return Shell.at(stub).run(line.split(" "));
  }
}
