package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Running chains and looking at their executions. */
abstract class RunCases extends ChainsCase {
  private final Path folder;
  private final TestStore store;

  RunCases(ChainsServer server, Path folder, TestStore store) {
    super(server);
    this.folder = folder;
    this.store = store;
  }

  @Test
  void runsAChainAndTellsOfIt() throws Exception {
    JsonNode ended = server.ended(server.start("greet", "{\"who\":\"Ann\"}"));
    assertThat(ended.path("status").asString()).isEqualTo("done");
    assertThat(ended.path("chainName").asString()).isEqualTo("greet");
    assertThat(ended.path("result").asString()).isEqualTo("Hello Ann");
    assertThat(ended.at("/input/who").asString()).isEqualTo("Ann");
    assertThat(ended.at("/steps/greet/output").asString()).isEqualTo("Hello Ann");
    assertThat(ended.at("/steps/greet/stepId").asString()).isEqualTo("greet");
  }

  @Test
  void listsTheNewestFirstWithTheFilesThatOutputsName() throws Exception {
    String older = server.start("greet", "{\"who\":\"see /tmp/a.pdf and (/srv/b c/d.csv)\"}");
    server.ended(older);
    String newer = server.start("greet", "{\"who\":\"Ben\"}");
    server.ended(newer);
    JsonNode list = server.json("/executions?limit=500");
    List<String> ids = list.valueStream().map(one -> one.path("id").asString()).toList();
    assertThat(ids).containsSubsequence(newer, older);
    JsonNode one = list.get(ids.indexOf(older));
    assertThat(one.path("files").toString()).contains("/tmp/a.pdf");
    assertThat(one.at("/steps/greet/status").asString()).isEqualTo("done");
    assertThat(one.at("/steps/greet").has("output")).isFalse();
    assertThat(server.json("/executions?limit=1&offset=1").size()).isEqualTo(1);
    for (String bad : List.of("limit=abc", "limit=0", "limit=-1", "offset=-1", "offset=x")) {
      assertThat(server.get("/executions?" + bad).statusCode()).as(bad).isEqualTo(400);
    }
  }

  @Test
  void refusesToStartWhatItCannotRun() throws Exception {
    assertThat(server.post("/execute/unknown", "{\"input\":{}}").statusCode()).isEqualTo(400);
    assertThat(error(server.post("/execute/greet", "{\"input\":{}}"))).contains("who");
    assertThat(error(server.post("/execute/greet", "{\"input\":{\"who\":\"\"}}"))).contains("who");
    assertThat(error(server.post("/execute/greet", "{\"input\":3}"))).contains("JSON object");
    assertThat(server.post("/execute/greet", "{\"in").statusCode()).isEqualTo(400);
    assertThat(server.get("/executions/unknown").body()).isEqualTo("{\"error\":\"Not found\"}");
  }

  @Test
  void startsOnceForOneIdempotencyKey() throws Exception {
    String first = keyed("{\"input\":{\"who\":\"A\"}}").body();
    assertThat(keyed("{\"input\":{\"who\":\"A\"}}").body()).isEqualTo(first);
    assertThat(keyed("{\"input\":{\"who\":\"B\"}}").statusCode()).isEqualTo(409);
  }

  private HttpResponse<String> keyed(String body) throws Exception {
    return server.send(
        server
            .request("/execute/greet")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "key-1")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void refusesMoreThanTheMostAtOnce() throws Exception {
    try (ChainsServer small = new ChainsServer(folder.resolve("small"), store)) {
      small.save("/chains/held", GREET.replace("say Hello {input.who}", "hold never x"));
      small.save("/chains/shaky", GREET.replace("say Hello {input.who}", "fail-once limit"));
      String failed = small.start("shaky", "{\"who\":\"x\"}");
      assertThat(small.ended(failed).path("status").asString()).isEqualTo("error");
      String schedule =
          Json.read(
                  small
                      .post(
                          "/schedules",
                          "{\"chainName\":\"shaky\",\"input\":{\"who\":\"x\"},\"cron\":\"0 8 * * *\"}")
                      .body())
              .path("id")
              .asString();
      for (int i = 0; i < ChainsServer.MOST_AT_ONCE; i++) {
        small.start("held", "{\"who\":\"x\"}");
      }
      HttpResponse<String> refused = small.post("/execute/held", "{\"input\":{\"who\":\"x\"}}");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(error(refused)).contains("3");
      assertThat(small.json("/health").path("runningExecutions").asInt()).isEqualTo(3);
      for (String path :
          List.of("/executions/" + failed + "/resume", "/schedules/" + schedule + "/run")) {
        HttpResponse<String> full = small.method("POST", path);
        assertThat(full.statusCode()).as(path).isEqualTo(429);
        assertThat(error(full)).as(path).contains("3");
      }
      assertThat(small.json("/executions/" + failed).path("status").asString()).isEqualTo("error");

      small.play.release("never");
      small.untilNoneRuns();
      for (int i = 0; i < ChainsServer.MOST_AT_ONCE; i++) {
        // Each place is given back, whoever took it.
        String run = small.method("POST", "/schedules/" + schedule + "/run").body();
        small.ended(Json.read(run).path("executionId").asString());
        small.untilNoneRuns();
      }
      JsonNode resumed =
          Json.read(small.method("POST", "/executions/" + failed + "/resume").body());
      assertThat(resumed.path("result").asString()).isEqualTo("at last");
      small.untilNoneRuns();
    }
  }

  @Test
  void handsOutFilesOfTheWorkspaceAlone() throws Exception {
    Path report = Files.writeString(server.workspace.resolve("my réport.csv"), "a,b");
    HttpResponse<String> file = server.get("/download?path=" + encoded(report.toString()));
    assertThat(file.body()).isEqualTo("a,b");
    assertThat(file.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment; filename=\"my r_port.csv\"");
    Path link = Files.createSymbolicLink(server.workspace.resolve("link"), Path.of("/etc/passwd"));
    Path home = Files.writeString(folder.resolve("home").resolve("kept"), "secret");
    for (String path :
        List.of("/etc/passwd", "/tmp/../etc/passwd", link.toString(), home.toString())) {
      assertThat(server.get("/download?path=" + encoded(path)).statusCode())
          .as(path)
          .isEqualTo(403);
    }
    assertThat(server.get("/download").statusCode()).isEqualTo(400);
    assertThat(server.get("/download?path=%00").statusCode()).isEqualTo(400);
    assertThat(server.get("/download?path=" + encoded(server.workspace + "/none")).statusCode())
        .isEqualTo(404);
  }
}
