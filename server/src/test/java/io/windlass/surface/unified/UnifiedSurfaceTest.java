package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.approval.Approval;
import io.windlass.journal.Event;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.surface.unified.UnifiedServer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UnifiedSurfaceTest {
  private static final HealthCheck WELL = new HealthCheck("database", () -> "sqlite");
  private UnifiedServer server = new UnifiedServer(Artifacts.NONE, WELL);

  @AfterEach
  void stop() {
    server.close();
  }

  @AfterAll
  static void everyDocumentedOperationWasTried() {
    assertThat(UnifiedServer.CONTRACT.untriedOperations()).isEmpty();
    assertThat(UnifiedServer.CONTRACT.untriedResponses())
        .allMatch(left -> left.endsWith(" default") || left.startsWith("GET /openapi"));
  }

  @Test
  void examplesOfTheDocumentFitTheirSchemas() {
    UnifiedServer.CONTRACT.holdExamples();
  }

  @Test
  void theContractRefusesAnAnswerThatIsNotInTheDocument() {
    assertThatThrownBy(() ->
            UnifiedServer.CONTRACT.hold(
                "GET", "/health", 200, "application/json", "{\"status\":\"fine\"}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("checks");
    assertThatThrownBy(() -> UnifiedServer.CONTRACT.hold("GET", "/v2", 200, null, ""))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () -> UnifiedServer.CONTRACT.hold("GET", "/health", 418, "application/json", "{}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not documented");
  }

  @Test
  void tellsThatAllIsWell() {
    Answer answer = server.get("/health");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/status")).isEqualTo("up");
    assertThat(answer.at("/checks/0/detail")).isEqualTo("sqlite");
  }

  @Test
  void namesWhatIsNotWell_whenACheckFailsOrHangs() {
    CountDownLatch never = new CountDownLatch(1);
    HealthCheck broken =
        new HealthCheck(
            "chains",
            () -> {
              throw new IllegalStateException("nothing answers on port 4242");
            });
    HealthCheck hanging =
        new HealthCheck(
            "disk",
            () -> {
              never.await();
              return "";
            });
    server.close();
    server = new UnifiedServer(Artifacts.NONE, WELL, broken, hanging);

    Answer answer = server.get("/health");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.at("/checks/0/ok")).isEqualTo("true");
    assertThat(answer.at("/checks/1/detail")).isEqualTo("nothing answers on port 4242");
    assertThat(answer.at("/checks/2/detail")).contains("no answer within");
  }

  @Test
  void servesTheLandingPageAndTheViewerWithoutAnythingFromElsewhere() {
    String landing = server.get("/").response().body();
    assertThat(landing).contains("openapi/unified.yaml", "Again &lt;&amp;&gt;", "1.2.3");

    assertThat(server.get("/openapi").header("Location")).isEqualTo("openapi/");
    assertThat(server.raw(request("/openapi/")).body())
        .contains("assets/swagger-ui.css", "assets/start.js")
        .doesNotContain("http://", "https://");
    for (String file :
        List.of("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js")) {
      Answer asset = server.get("/openapi/assets/" + file);
      assertThat(asset.status()).as(file).isEqualTo(200);
      assertThat(asset.response().body().length()).as(file).isGreaterThan(10_000);
    }
    assertThat(server.get("/openapi/assets/start.js").response().body())
        .contains("\"unified.yaml\"", "\"again.yaml\"", "\"validatorUrl\":\"none\"");
    assertThat(server.get("/openapi/assets/pom.xml").status()).isEqualTo(404);
    assertThat(server.get("/openapi/unified.yaml").response().body()).startsWith("openapi: 3.1");
    Answer missing = server.get("/openapi/nothing.yaml");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.at("/detail")).contains("unified.yaml");
  }

  @Test
  void countsRequestsByRouteAndWhatTheEngineTells() {
    server.start();
    server.get("/v1/executions/nothing");
    server.meters.executionStarted("chain");
    server.meters.executionEnded("chain", io.windlass.execution.ExecutionStatus.FAILED, 20);
    server.meters.committed(7, 1_000_000);
    server.meters.gauge("windlass.approvals.waiting", "Open approvals", () -> 3);

    String figures = server.get("/metrics").response().body();

    assertThat(figures)
        .contains("windlass_executions_started_total{kind=\"chain\"} 1.0")
        .contains("windlass_executions_ended_seconds_count{kind=\"chain\",status=\"failed\"} 1")
        .contains("windlass_journal_commit_appends_sum 7.0")
        .contains("windlass_approvals_waiting 3.0")
        .contains("jvm_memory_used_bytes")
        .containsPattern(
            "windlass_http_requests_seconds_count\\{method=\"GET\",route=\"/v1/executions/\\{id}\","
                + "status=\"404\",surface=\"unified\"} 1");
  }

  @Test
  void startsAnExecutionAndFindsItByBothIds() {
    Answer started =
        server.post(
            "/v1/executions", "{\"kind\":\"chain\",\"name\":\"toy\",\"input\":{\"topic\":\"x\"}}");

    assertThat(started.status()).isEqualTo(201);
    assertThat(started.header("Location")).isEqualTo("/v1/executions/" + started.at("/id"));
    assertThat(started.at("/origin")).isEqualTo("unified");
    assertThat(started.at("/input/topic")).isEqualTo("x");
    for (String id : List.of(started.at("/id"), started.at("/public_id"))) {
      Answer found = server.get("/v1/executions/" + id);
      assertThat(found.status()).isEqualTo(200);
      assertThat(found.at("/version")).isEqualTo("1");
      assertThat(found.at("/steps/0/id")).isEqualTo("a");
    }
  }

  @Test
  void givesTheSameExecutionAgain_underTheSameIdempotencyKey() {
    String body = "{\"kind\":\"chain\",\"name\":\"toy\",\"input\":{\"n\":1}}";
    Answer first = server.post("/v1/executions", body, "Idempotency-Key", "k1");
    awaitAnotherMillisecond();
    Answer second = server.post("/v1/executions", body, "Idempotency-Key", "k1");
    Answer other = server.post("/v1/executions", body.replace("1}", "2}"), "Idempotency-Key", "k1");

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.at("/id")).isEqualTo(first.at("/id"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.at("/code")).isEqualTo("IDEMPOTENCY_MISMATCH");
  }

  @Test
  void waitsForTheEnd_whenAskedTo() {
    Thread.ofVirtual()
        .start(() -> {
          while (server.get("/v1/executions").json().path("items").isEmpty()) {
            Thread.onSpinWait();
          }
          String id = server.get("/v1/executions").at("/items/0/id");
          server.executions.emit(
              ExecutionId.parse(id), new Event.ExecutionSucceeded(Json.text("done")));
        });

    Answer answer = server.post("/v1/executions?wait=20", "{\"kind\":\"chain\",\"name\":\"toy\"}");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.at("/status")).isEqualTo("succeeded");
    assertThat(answer.at("/result")).isEqualTo("done");
  }

  @Test
  void answersWithTheRunningExecution_whenTheWaitIsOver() {
    Answer answer =
        server.post("/v1/executions?wait=0.05", "{\"kind\":\"chain\",\"name\":\"toy\"}");

    assertThat(answer.at("/status")).isEqualTo("running");
  }

  @Test
  void namesEveryFieldAtFault() {
    Answer answer = server.post("/v1/executions", "{\"kind\":\"wish\",\"input\":[1]}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.at("/code")).isEqualTo("INVALID_INPUT");
    assertThat(answer.at("/request_id")).isEqualTo(answer.header("X-Request-Id"));
    assertThat(answer.at("/instance")).isEqualTo("/v1/executions");
    List<String> faults = new ArrayList<>();
    answer
        .json()
        .path("errors")
        .forEach(fault ->
            faults.add(fault.path("path").asString() + ": " + fault.path("reason").asString()));
    assertThat(faults)
        .containsExactlyInAnyOrder(
            "kind: 'wish' is not one of chain, pipeline",
            "name: is required",
            "input: must be an object, but it is array");
  }

  @Test
  void refusesBodiesThatAreNoJsonObjects() {
    assertThat(server.post("/v1/executions", "{\"kind\":").at("/detail"))
        .contains("not valid JSON at line 1");
    assertThat(server.post("/v1/executions", "[]").at("/detail")).contains("must be a JSON object");
    Answer form = server.post("/v1/executions", "a=b", "Content-Type", "text/csv");
    assertThat(form.status()).isEqualTo(415);
    assertThat(form.at("/detail")).contains("text/csv", "application/json");
    Answer tooLarge = server.post("/v1/executions", "{\"kind\":\"" + "x".repeat(11 << 20) + "\"}");
    assertThat(tooLarge.status()).isEqualTo(413);
  }

  @Test
  void tellsToComeAgain_whenTooManyRun() {
    server.executions.startRefusal =
        new WindlassException(ErrorCode.TOO_MANY_EXECUTIONS, "5 of 5 run");

    Answer answer = server.post("/v1/executions", "{\"kind\":\"chain\",\"name\":\"toy\"}");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void answersUnknownIdsAndPathsAndMethodsWithProblems() {
    for (String path :
        List.of(
            "/v1/executions/nothing",
            "/v1/executions/nothing/events",
            "/v1/executions/nothing/stream",
            "/v1/executions/nothing/replay",
            "/v1/approvals/nothing",
            "/v1/approvals/0196f2a0-0000-7000-8000-000000000000",
            "/v1/definitions/wish",
            "/v1/definitions/chain/nothing",
            "/v1/definitions/chain/nothing/versions",
            "/v1/definitions/chain/toy/versions/9",
            "/v1/schedules/nothing")) {
      Answer answer = server.get(path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.at("/code")).as(path).endsWith("NOT_FOUND");
      assertThat(answer.at("/detail")).as(path).doesNotContain("null");
    }
    var lost = server.raw(request("/v1/nothing"));
    assertThat(lost.statusCode()).isEqualTo(404);
    UnifiedServer.CONTRACT.holdSchema("Problem", Json.read(lost.body()));
    var wrong =
        server.raw(java.net.http.HttpRequest.newBuilder(request("/health").uri()).DELETE().build());
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(Json.read(wrong.body()).path("code").asString()).isEqualTo("METHOD_NOT_ALLOWED");
  }

  @Test
  void listsByFiltersAndPages() {
    server.definitions.save("pipeline", "line", "name: line");
    for (int i = 0; i < 5; i++) {
      server.start();
    }
    server.post("/v1/executions", "{\"kind\":\"pipeline\",\"name\":\"line\"}");

    Set<String> seen = new java.util.LinkedHashSet<>();
    String path = "/v1/executions?kind=chain&limit=2";
    Answer page = server.get(path);
    int pages = 1;
    while (true) {
      page.json().path("items").forEach(item -> seen.add(item.path("id").asString()));
      String cursor = page.at("/next_cursor");
      if (cursor.isEmpty()) {
        break;
      }
      page = server.get(path + "&cursor=" + cursor);
      pages++;
    }

    assertThat(seen).hasSize(5);
    assertThat(pages).isEqualTo(3);
    assertThat(server.get("/v1/executions?kind=pipeline").at("/items/0/public_id"))
        .startsWith("pip_");
    assertThat(server.get("/v1/executions?kind=pipeline,chain").json().path("items")).hasSize(6);
    assertThat(server.get("/v1/executions?status=failed").json().path("items")).isEmpty();
    assertThat(
            server.get("/v1/executions?created_before=2001-01-01T00:00:00Z").json().path("items"))
        .isEmpty();
    assertThat(
            server
                .get("/v1/executions?created_after=2001-01-01T00:00:00%2B02:00")
                .json()
                .path("items"))
        .hasSize(6);
  }

  @Test
  void namesEveryQueryParameterAtFault() {
    Answer answer = server.get("/v1/executions?status=done&limit=500&created_after=yesterday");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors")).hasSize(3);
    assertThat(answer.at("/detail"))
        .contains("status: 'done' is not one of queued", "limit: 500", "2026-01-31T08:00:00Z");
  }

  @Test
  void pagesEvents() {
    ExecutionId id = ExecutionId.parse(server.start());
    server.executions.emit(id, new Event.StepStarted("a", 1, "First"));
    server.executions.emit(id, new Event.StepOutput("a", 1, 0, "hello"));

    Answer first = server.get("/v1/executions/" + id + "/events?limit=2");
    assertThat(first.at("/items/1/type")).isEqualTo("step_started");
    Answer rest = server.get("/v1/executions/" + id + "/events?cursor=" + first.at("/next_cursor"));
    assertThat(rest.at("/items/0/text")).isEqualTo("hello");
    assertThat(rest.at("/next_cursor")).isEmpty();
    assertThat(server.get("/v1/executions/" + id + "/events?after=2").at("/items/0/number"))
        .isEqualTo("3");
    assertThat(server.get("/v1/executions/" + id + "/events?after=-1").status()).isEqualTo(400);
  }

  @Test
  void streamsAndThenTellsAnEventSourceToStop() {
    ExecutionId id = ExecutionId.parse(server.start());
    server.executions.emit(id, new Event.ExecutionFailed("no"));

    for (String path : List.of("/stream", "/events?follow=true")) {
      Answer all = server.get("/v1/executions/" + id + path);
      assertThat(all.response().body()).endsWith("\nid: 2\n\n");
      Answer none = server.get("/v1/executions/" + id + path, "Last-Event-ID", "2");
      assertThat(none.status()).isEqualTo(204);
    }
    assertThat(
            server
                .get("/v1/executions/" + id + "/events", "Accept", "text/event-stream")
                .header("Content-Type"))
        .startsWith("text/event-stream");
  }

  @Test
  void cancelsResumesAndReruns() {
    String path = "/v1/executions/" + server.start();

    assertThat(server.post(path + "/rerun", "{}").status()).isEqualTo(409);
    assertThat(server.send("POST", path + "/resume", null).status()).isEqualTo(409);
    assertThat(server.send("POST", path + "/cancel", null).at("/status")).isEqualTo("cancelled");
    Answer again = server.send("POST", path + "/cancel", null);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.at("/code")).isEqualTo("WRONG_STATE");
    Answer rerun =
        server.post(path + "/rerun", "{\"from_step\":\"a\",\"current_definition\":true}");
    assertThat(rerun.status()).isEqualTo(201);
    assertThat(path).endsWith(rerun.at("/rerun_of"));
    assertThat(server.post(path + "/rerun", "{\"from_step\":\"z\"}").status()).isEqualTo(400);
    assertThat(server.send("POST", path + "/resume", null).at("/status")).isEqualTo("running");
  }

  @Test
  void decidesOnceAndTellsTheLaterOneWhoWas() {
    ExecutionId id = ExecutionId.parse(server.start());
    Approval asked =
        server.approvals.ask(server.executions.get(id), "local", List.of("approve", "reject"));
    String path = "/v1/approvals/" + asked.id();
    assertThat(server.get("/v1/approvals").at("/items/0/id")).isEqualTo(asked.id().toString());
    assertThat(server.get("/v1/approvals?kind=pipeline").json().path("items")).isEmpty();

    assertThat(server.post(path + "/decide", "{}").at("/errors/0/path")).isEqualTo("choice");
    assertThat(server.post(path + "/decide", "{\"choice\":\"maybe\"}").at("/detail"))
        .contains("'maybe' is not one of approve, reject");
    assertThat(server.post(path + "/decide", "{\"choice\":\"reject\",\"approved\":true}").status())
        .isEqualTo(400);
    Answer first = server.post(path + "/decide", "{\"approved\":false,\"reason\":\"too dear\"}");
    Answer second = server.post(path + "/decide", "{\"choice\":\"approve\"}");

    assertThat(first.at("/decision/choice")).isEqualTo("reject");
    assertThat(first.at("/decision/from")).isEqualTo("unified");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.at("/code")).isEqualTo("ALREADY_DECIDED");
    assertThat(second.at("/decision/reason")).isEqualTo("too dear");
    assertThat(server.get(path).at("/status")).isEqualTo("decided");
    assertThat(server.get("/v1/approvals").json().path("items")).isEmpty();
    assertThat(server.get("/v1/approvals?status=decided").json().path("items")).hasSize(1);
    assertThat(server.get("/v1/approvals?status=all").json().path("items")).hasSize(1);
    assertThat(server.get("/v1/approvals?status=some").status()).isEqualTo(400);
  }

  @Test
  void takesTheOptionsOfTheQuestion_whenOnlyConsentIsSaid() {
    ExecutionId id = ExecutionId.parse(server.start());
    Approval asked =
        server.approvals.ask(server.executions.get(id), "local", List.of("repeat", "done", "fail"));

    assertThat(
            server
                .post("/v1/approvals/" + asked.id() + "/decide", "{\"approved\":false}")
                .at("/decision/choice"))
        .isEqualTo("fail");
  }

  @Test
  void savesListsAndDeletesDefinitions() {
    String path = "/v1/definitions/chain/fresh";
    Answer made = server.send("PUT", path, "{\"source\":\"name: fresh\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Location")).isEqualTo(path);
    Answer changed =
        server.send("PUT", path, "name: other", "Content-Type", "text/yaml; charset=utf-8");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.at("/version")).isEqualTo("2");
    assertThat(server.get(path).at("/source")).isEqualTo("name: other");
    assertThat(server.send("PUT", path, "{\"source\":{\"name\":\"o\"}}").at("/source"))
        .contains("\"name\"");

    Answer versions = server.get(path + "/versions?limit=2");
    assertThat(versions.at("/items/0/version")).isEqualTo("3");
    assertThat(
            server
                .get(path + "/versions?cursor=" + versions.at("/next_cursor"))
                .at("/items/0/version"))
        .isEqualTo("1");
    assertThat(server.get(path + "/versions/1").at("/source")).isEqualTo("name: fresh");
    Answer first = server.get("/v1/definitions?limit=1");
    assertThat(first.at("/items/0/name")).isEqualTo("fresh");
    assertThat(
            server
                .get("/v1/definitions?limit=1&cursor=" + first.at("/next_cursor"))
                .at("/items/0/name"))
        .isEqualTo("toy");
    assertThat(server.get("/v1/definitions/pipeline").json().path("items")).isEmpty();
    assertThat(server.get("/v1/definitions?kind=wish").status()).isEqualTo(400);
    assertThat(server.get("/v1/definitions?cursor=%21").status()).isEqualTo(400);

    assertThat(server.send("DELETE", path, null).status()).isEqualTo(204);
    assertThat(server.send("DELETE", path, null).status()).isEqualTo(404);
  }

  @Test
  void tellsWhatIsWrongWithADocument() {
    Answer refused = server.send("PUT", "/v1/definitions/chain/bad", "{\"source\":\"broken\"}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/code")).isEqualTo("INVALID_DEFINITION");
    assertThat(refused.json().path("errors")).hasSize(2);
    assertThat(refused.at("/errors/0/path")).isEqualTo("steps.0.id");

    Answer checked =
        server.post(
            "/v1/definitions/chain/validate", "broken odd", "Content-Type", "application/yaml");
    assertThat(checked.at("/valid")).isEqualTo("false");
    assertThat(checked.at("/errors/0/reason")).isEqualTo("Required");
    assertThat(checked.at("/warnings/0/path")).isEqualTo("odd");
    assertThat(
            server.post("/v1/definitions/chain/validate", "{\"source\":\"name: x\"}").at("/valid"))
        .isEqualTo("true");
    assertThat(server.post("/v1/definitions/chain/validate", "{}").at("/errors/0/path"))
        .isEqualTo("source");
    assertThat(
            server
                .post("/v1/definitions/chain/validate", " ", "Content-Type", "text/yaml")
                .status())
        .isEqualTo(400);
    assertThat(
            server
                .send("PUT", "/v1/definitions/chain/Bad%20Name", "{\"source\":\"x\"}")
                .at("/code"))
        .isEqualTo("INVALID_NAME");
    assertThat(
            server
                .send("PUT", "/v1/definitions/chain/bad", "x", "Content-Type", "image/png")
                .status())
        .isEqualTo(415);
  }

  @Test
  void plansWhatAKindCanPlan() {
    server.definitions.save("pipeline", "line", "name: line");

    Answer saved =
        server.post(
            "/v1/definitions/chain/toy/plan",
            "{\"input\":{\"a\":1},\"script\":{\"answers\":[]}}");
    assertThat(saved.at("/result/input/a")).isEqualTo("1");
    assertThat(saved.at("/result/source")).isEqualTo("name: toy");
    assertThat(saved.at("/result/script")).isEqualTo("{\"answers\":[]}");
    assertThat(server.get("/v1/definitions/chain/toy/plan?input=%7B%22a%22:2%7D").at("/result/input/a"))
        .isEqualTo("2");
    assertThat(server.get("/v1/definitions/chain/toy/plan?input=3").status()).isEqualTo(400);
    assertThat(server.get("/v1/definitions/chain/nothing/plan").status()).isEqualTo(404);
    Answer none = server.post("/v1/definitions/pipeline/line/plan", "{}");
    assertThat(none.status()).isEqualTo(501);
    assertThat(none.at("/code")).isEqualTo("NOT_IMPLEMENTED");
  }

  @Test
  void plansDocumentsThatAreNotSaved() {
    String path = "/v1/definitions/chain/plan";
    Answer json =
        server.post(path, "{\"source\":\"name: x\",\"name\":\"x\",\"script\":\"answers: []\"}");
    assertThat(json.at("/name")).isEqualTo("x");
    assertThat(json.at("/result/source")).isEqualTo("name: x");
    assertThat(json.at("/result/script")).isEqualTo("answers: []");
    Answer yaml = server.post(path + "?name=y", "name: y", "Content-Type", "text/yaml");
    assertThat(yaml.at("/name")).isEqualTo("y");
    assertThat(server.post(path, "{}").at("/errors/0/path")).isEqualTo("source");
    assertThat(server.post(path, "{\"source\":\"x\",\"script\":1}").at("/errors/0/path"))
        .isEqualTo("script");
    assertThat(server.post(path, " ", "Content-Type", "text/yaml").status()).isEqualTo(400);
    assertThat(server.post("/v1/definitions/song/plan", "{}").status()).isEqualTo(404);
    assertThat(server.get("/v1/definitions/chain").json().path("items")).hasSize(1);
  }

  @Test
  void makesChangesTogglesRunsAndDeletesSchedules() {
    Answer made =
        server.post(
            "/v1/schedules",
            """
            {"label":"Daily","kind":"chain","name":"toy","cron":"0 8 * * *",
             "time_zone":"Europe/Brussels","overlap":"queue","lateness_seconds":30}
            """);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("/overlap")).isEqualTo("queue");
    String path = made.header("Location");
    assertThat(server.get(path).at("/time_zone")).isEqualTo("Europe/Brussels");
    assertThat(server.send("PATCH", path, "{\"misfire\":\"once\"}").at("/misfire"))
        .isEqualTo("once");
    assertThat(server.send("POST", path + "/toggle", null).at("/enabled")).isEqualTo("false");
    Answer run = server.send("POST", path + "/run", null);
    assertThat(run.status()).isEqualTo(201);
    assertThat(server.get(path).at("/last_run/id")).isEqualTo(run.at("/id"));
    assertThat(server.get("/v1/schedules").json().path("items")).hasSize(1);

    Answer bad =
        server.post(
            "/v1/schedules",
            "{\"time_zone\":\"Mars\",\"overlap\":\"pile\",\"lateness_seconds\":-1,\"enabled\":\"on\"}");
    assertThat(bad.json().path("errors")).hasSize(7);
    assertThat(
            server
                .post("/v1/schedules", "{\"kind\":\"chain\",\"name\":\"toy\",\"cron\":\"x\"}")
                .at("/code"))
        .isEqualTo("INVALID_SCHEDULE");
    assertThat(server.send("DELETE", path, null).status()).isEqualTo(204);
    assertThat(server.send("DELETE", path, null).status()).isEqualTo(404);
  }

  @Test
  void replaysAsAZipFile() {
    assertThat(server.get("/v1/executions/" + server.start() + "/replay").status()).isEqualTo(200);
  }

  private java.net.http.HttpRequest request(String path) {
    return java.net.http.HttpRequest.newBuilder(java.net.URI.create(server.url(path))).build();
  }

  private static void awaitAnotherMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() <= now) {
      Thread.onSpinWait();
    }
  }
}
