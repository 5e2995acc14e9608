package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Schedules and pipelines. */
abstract class ScheduleCases extends ChainsCase {
  ScheduleCases(ChainsServer server) {
    super(server);
  }

  @Test
  void keepsSchedules() throws Exception {
    HttpResponse<String> made =
        server.post(
            "/schedules",
            """
            {"chainName": "greet", "input": {"who": "S"}, "cron": "0 8 * * *",
             "timezone": "Europe/Berlin", "overlap": "skip", "misfire": "once", "latenessMs": 60000}\
            """);
    assertThat(made.statusCode()).isEqualTo(201);
    JsonNode schedule = Json.read(made.body());
    assertThat(schedule.path("label").asString()).isEqualTo("greet");
    assertThat(schedule.has("nextRunAt")).isTrue();
    assertThat(schedule.path("overlap").asString()).isEqualTo("skip");
    String path = "/schedules/" + schedule.path("id").asString();
    assertThat(
            Json.read(server.method("PATCH", path + "/toggle").body()).path("enabled").asBoolean())
        .isFalse();
    HttpResponse<String> changed =
        server.send(
            server
                .request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"cron\":\"0 9 * * *\",\"enabled\":true}")));
    assertThat(Json.read(changed.body()).path("cron").asString()).isEqualTo("0 9 * * *");
    String run =
        Json.read(server.method("POST", path + "/run").body()).path("executionId").asString();
    assertThat(server.ended(run).path("result").asString()).isEqualTo("Hello S");
    assertThat(server.json(path).path("lastRunId").asString()).isEqualTo(run);
    assertThat(server.json("/schedules").size()).isPositive();
    assertThat(server.method("DELETE", path).body()).isEqualTo("{\"ok\":true}");
    assertThat(server.method("DELETE", path).statusCode()).isEqualTo(404);
    assertThat(server.method("PATCH", path + "/toggle").statusCode()).isEqualTo(404);
    assertThat(server.method("POST", path + "/run").statusCode()).isEqualTo(400);
    assertThat(server.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void refusesUnusableSchedules() throws Exception {
    assertThat(error(server.post("/schedules", "{\"cron\":\"* * * * *\"}")))
        .isEqualTo("chainName and cron are required");
    for (String bad :
        List.of(
            "\"cron\":\"99 * * * *\"",
            "\"cron\":\"* * *\"",
            "\"cron\":\"* * * * *\",\"timezone\":\"Mars/Olympus\"",
            "\"cron\":\"* * * * *\",\"overlap\":\"maybe\"",
            "\"cron\":\"* * * * *\",\"latenessMs\":-1",
            "\"cron\":\"* * * * *\",\"enabled\":\"yes\"",
            "\"cron\":\"* * * * *\",\"type\":\"graph\"")) {
      assertThat(server.post("/schedules", "{\"chainName\":\"greet\"," + bad + "}").statusCode())
          .as(bad)
          .isEqualTo(400);
    }
    assertThat(
            server
                .post("/schedules", "{\"chainName\":\"unknown\",\"cron\":\"* * * * *\"}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void runsPipelinesAndTellsTheirChains() throws Exception {
    String pipeline =
        """
        name: Line
        inputs:
          - name: who
        chains:
          - id: first
            chain: greet
            inputs:
              who: "{input.who}"
          - id: second
            chain: greet
            depends_on: [first]
            inputs:
              who: "{first}"
        output: second
        """;
    assertThat(server.save("/pipelines/line", pipeline).statusCode()).isEqualTo(200);
    assertThat(server.get("/pipelines/line").body()).isEqualTo(pipeline);
    assertThat(server.json("/pipelines/line/json").path("output").asString()).isEqualTo("second");
    assertThat(server.json("/pipelines").get(0).path("chainCount").asInt()).isEqualTo(2);
    HttpResponse<String> started =
        server.post("/pipelines/line/execute", "{\"input\":{\"who\":\"P\"}}");
    String id = Json.read(started.body()).path("executionId").asString();
    assertThat(id).startsWith("pip_");
    List<ChainsServer.Frame> told = server.frames(id, 0);
    assertThat(told.getFirst().json().path("chainName").asString()).isEqualTo("pipeline:line");
    assertThat(told.stream().map(ChainsServer.Frame::brief))
        .containsSubsequence(
            "step_started first",
            "step_started first/greet",
            "step_output first/greet",
            "step_done first/greet",
            "step_done first",
            "step_started second",
            "step_done second/greet",
            "step_done second",
            "execution_done");
    JsonNode run = server.json("/pipeline-executions/" + id);
    assertThat(run.path("result").asString()).isEqualTo("Hello Hello P");
    assertThat(run.at("/chains/first/chainName").asString()).isEqualTo("greet");
    assertThat(run.at("/chains/first/status").asString()).isEqualTo("done");
    String child = run.at("/chains/first/executionId").asString();
    assertThat(server.json("/executions/" + child).path("result").asString()).isEqualTo("Hello P");
    assertThat(server.json("/pipeline-executions").get(0).path("id").asString()).isEqualTo(id);
    assertThat(server.get("/pipeline-executions/none").statusCode()).isEqualTo(404);
    assertThat(server.post("/pipelines/none/execute", "{}").statusCode()).isEqualTo(400);
    assertThat(server.method("DELETE", "/pipelines/line").statusCode()).isEqualTo(200);
    assertThat(server.get("/pipelines/line/json").statusCode()).isEqualTo(404);
  }
}
