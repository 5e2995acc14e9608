package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.surface.unified.UnifiedServer.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Starting executions. */
abstract class StartCases extends UnifiedCase {
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

  private static void awaitAnotherMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() <= now) {
      Thread.onSpinWait();
    }
  }
}
