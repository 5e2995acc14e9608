package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Every call of the contract over HTTP, each answer held against the OpenAPI document. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class ChainsSurfaceTest {
  private static final String GREET =
      """
      name: Greeting
      description: greets
      version: "1.2"
      inputs:
        - name: who
      steps:
        - id: greet
          prompt: say Hello {input.who}
          output_var: greeting
      output: greeting
      """;
  private static final String GATED =
      """
      name: Gated
      steps:
        - id: ask
          type: gate
          prompt: Go on?
          output_var: answer
        - id: after
          prompt: say went on
          output_var: text
          depends_on: [ask]
      output: text
      """;
  @Parameter private TestStore store;
  private Path folder;
  private ChainsServer server;

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path temporary) throws Exception {
    store = database;
    folder = temporary;
    server = new ChainsServer(folder, store);
    server.save("/chains/greet", GREET);
    server.save("/chains/gated", GATED);
  }

  /** The last test, so to say: every operation of the document was tried. */
  @AfterParameterizedClassInvocation
  void everyOperationWasTried() {
    Set<String> untried = server.contract.untriedOperations();
    server.close();
    assertThat(untried).isEmpty();
  }

  @Test
  void tellsThatItIsWell() throws Exception {
    assertThat(server.json("/health").path("version").asString()).isEqualTo("0.1.0");
  }

  @Test
  void keepsAChainAsItWasSaved() throws Exception {
    assertThat(server.get("/chains/greet").body()).isEqualTo(GREET);
    assertThat(server.json("/chains"))
        .anySatisfy(chain -> {
          assertThat(chain.path("name").asString()).isEqualTo("greet");
          assertThat(chain.path("version").asString()).isEqualTo("1.2");
          assertThat(chain.path("stepCount").asInt()).isEqualTo(1);
        });
    server.save("/chains/passing", GREET);
    assertThat(server.method("DELETE", "/chains/passing").body()).isEqualTo("{\"ok\":true}");
    assertThat(server.method("DELETE", "/chains/passing").statusCode()).isEqualTo(404);
    assertThat(server.get("/chains/passing").statusCode()).isEqualTo(404);
  }

  @Test
  void takesAChainAsJsonAndGivesItAsYaml() throws Exception {
    String json =
        """
        {"name": "J", "steps": [{"id": "a", "prompt": "say {\\"x\\": 1}\\nmore", "output_var": "a"}],
         "output": "a"}\
        """;
    assertThat(server.post("/chains/json", json).statusCode()).isEqualTo(200);
    assertThat(server.get("/chains/json").body())
        .contains("output_var: a")
        .doesNotContain("{\"name");
    assertThat(server.ended(server.start("json", "{}")).path("result").asString())
        .isEqualTo("{\"x\": 1}\nmore");
    String wrapped = Json.object().put("yaml", GREET).put("versionMessage", "first").toString();
    assertThat(server.post("/chains/wrapped", wrapped).statusCode()).isEqualTo(200);
    assertThat(server.get("/chains/wrapped").body()).isEqualTo(GREET);
  }

  @Test
  void refusesBrokenChains() throws Exception {
    HttpResponse<String> faulty = server.save("/chains/faulty", "name: x\nsteps: []\n");
    assertThat(faulty.statusCode()).isEqualTo(400);
    assertThat(error(faulty)).startsWith("Invalid chain \"faulty\":").contains("\noutput: ");
    assertThat(server.save("/chains/faulty", "a: [").statusCode()).isEqualTo(400);
    assertThat(server.save("/chains/faulty", "").statusCode()).isEqualTo(400);
    assertThat(server.save("/chains/..%2Fup", GREET).statusCode()).isEqualTo(400);
    assertThat(server.post("/chains/faulty", "{\"name\":").statusCode()).isEqualTo(400);
    assertThat(server.post("/chains/faulty", "[]").statusCode()).isEqualTo(400);
    StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'k'; c++) {
      bomb.append("%c: &%c [%s]\n".formatted(c, c, ("*" + (char) (c - 1) + ",").repeat(9)));
    }
    assertThat(server.save("/chains/bomb", bomb.toString()).statusCode()).isEqualTo(400);
    HttpResponse<String> form =
        server.send(
            server
                .request("/chains/form")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("a=b")));
    assertThat(form.statusCode()).isEqualTo(415);
    HttpResponse<String> large =
        server.send(
            server
                .request("/chains/large")
                .header("Content-Type", "text/yaml")
                .POST(BodyPublishers.ofByteArray(new byte[50 << 20])));
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(server.json("/chains"))
        .noneMatch(one -> one.path("name").asString().equals("faulty"));
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
  void cancelsOnceAndMarksWhatHadNotFinished() throws Exception {
    server.save("/chains/held", GREET.replace("say Hello {input.who}", "hold never x"));
    String id = server.start("held", "{\"who\":\"x\"}");
    Set<Integer> answers = new TreeSet<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> one =
          clients.submit(() -> server.method("DELETE", "/executions/" + id));
      Future<HttpResponse<String>> two =
          clients.submit(() -> server.method("DELETE", "/executions/" + id));
      answers.add(one.get().statusCode());
      answers.add(two.get().statusCode());
    }
    assertThat(answers).contains(200).isSubsetOf(200, 404);
    assertThat(server.method("DELETE", "/executions/" + id).statusCode()).isEqualTo(404);
    JsonNode ended = server.json("/executions/" + id);
    assertThat(ended.path("status").asString()).isEqualTo("error");
    assertThat(ended.path("error").asString()).isEqualTo("Cancelled by user");
    assertThat(ended.at("/steps/greet/status").asString()).isEqualTo("skipped");
    assertThat(server.frames(id, 0).getLast().json().path("error").asString())
        .isEqualTo("Cancelled by user");
    assertThat(error(server.method("DELETE", "/executions/none")))
        .isEqualTo("Execution not found or already finished");
  }

  @Test
  void resumesAFailedRunAndAnswersItsResult() throws Exception {
    server.save("/chains/flaky", GREET.replace("say Hello {input.who}", "fail-once {input.who}"));
    String id = server.start("flaky", "{\"who\":\"r1\"}");
    JsonNode failed = server.ended(id);
    assertThat(failed.path("status").asString()).isEqualTo("error");
    assertThat(failed.at("/steps/greet/error").asString()).contains("not yet");
    JsonNode resumed = Json.read(server.method("POST", "/executions/" + id + "/resume").body());
    assertThat(resumed.path("executionId").asString()).isEqualTo(id);
    assertThat(resumed.path("result").asString()).isEqualTo("at last");
    List<ChainsServer.Frame> told = server.frames(id, 0);
    assertThat(told.stream().map(ChainsServer.Frame::type))
        .as("the former end is history")
        .doesNotContain("execution_error")
        .containsSubsequence(
            "execution_started", "step_error", "execution_started", "step_done", "execution_done");
    assertThat(server.method("POST", "/executions/" + id + "/resume").statusCode()).isEqualTo(500);
    assertThat(server.method("POST", "/executions/none/resume").statusCode()).isEqualTo(404);
  }

  @Test
  void letsAPersonDecideOnce() throws Exception {
    String id = server.start("gated", "{}");
    awaitApproval(id);
    assertThat(server.json("/approvals"))
        .anySatisfy(open -> {
          assertThat(open.path("executionId").asString()).isEqualTo(id);
          assertThat(open.path("stepId").asString()).isEqualTo("ask");
          assertThat(open.path("prompt").asString()).isEqualTo("Go on?");
        });
    assertThat(server.json("/executions/" + id).path("status").asString()).isEqualTo("running");
    String path = "/executions/" + id + "/approve/ask";
    assertThat(server.post(path, "{}").statusCode()).isEqualTo(400);
    assertThat(server.post(path, "{\"approved\":\"yes\"}").statusCode()).isEqualTo(400);
    assertThat(server.method("POST", "/executions/" + id + "/resume").statusCode()).isEqualTo(500);
    assertThat(server.post(path, "{\"approved\":true}").body()).isEqualTo("{\"ok\":true}");
    assertThat(error(server.post(path, "{\"approved\":true}")))
        .isEqualTo("No pending approval found");
    assertThat(server.method("POST", "/executions/" + id + "/resume").body())
        .as("an extra resume does no harm")
        .contains("went on");
    assertThat(server.post(path, "{\"approved\":false}").statusCode()).isEqualTo(404);
  }

  @Test
  void failsARunWhoseGateIsRejected() throws Exception {
    String id = server.start("gated", "{}");
    awaitApproval(id);
    server.post("/executions/" + id + "/approve/ask", "{\"approved\":false,\"reason\":\"no\"}");
    JsonNode ended = server.ended(id);
    assertThat(ended.path("status").asString()).isEqualTo("error");
    assertThat(ended.at("/steps/after/status").asString()).isEqualTo("skipped");
    assertThat(server.frames(id, 0))
        .anySatisfy(frame -> {
          assertThat(frame.type()).isEqualTo("gate_action");
          assertThat(frame.json().path("action").asString()).isEqualTo("rejected");
          assertThat(frame.json().path("reason").asString()).isEqualTo("no");
        });
  }

  /** Reads the stream until the gate is told. */
  private void awaitApproval(String id) throws Exception {
    try (var lines =
        new java.io.BufferedReader(
            new java.io.InputStreamReader(
                server.open(server.request("/executions/" + id + "/stream")),
                java.nio.charset.StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("step_waiting_approval")) {
          return;
        }
      }
    }
    throw new AssertionError("the stream ended before the gate");
  }

  @Test
  void refusesMoreThanTheMostAtOnce() throws Exception {
    try (ChainsServer small = new ChainsServer(folder.resolve("small"), store)) {
      small.save("/chains/held", GREET.replace("say Hello {input.who}", "hold never x"));
      for (int i = 0; i < ChainsServer.MOST_AT_ONCE; i++) {
        small.start("held", "{\"who\":\"x\"}");
      }
      HttpResponse<String> refused = small.post("/execute/held", "{\"input\":{\"who\":\"x\"}}");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(error(refused)).contains("3");
      assertThat(small.json("/health").path("runningExecutions").asInt()).isEqualTo(3);
    }
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

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static String error(HttpResponse<String> response) {
    return Json.read(response.body()).path("error").asString();
  }
}
