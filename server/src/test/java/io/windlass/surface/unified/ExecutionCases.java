package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.surface.unified.UnifiedServer.Answer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Looking at executions, and changing their course. */
abstract class ExecutionCases extends UnifiedCase {
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
    Answer unknown = server.get("/v1/executions?kind=chain,zork");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.at("/detail")).contains("kind: 'zork' is not one of ").contains("pipeline");
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
  void countsRuns() {
    server.start();
    server.start();

    Answer stats = server.get("/v1/stats?kind=chain");
    assertThat(stats.at("/runs")).isEqualTo("2");
    assertThat(stats.at("/newest_at_most")).isEqualTo("1000");
    assertThat(server.get("/v1/stats?kind=zork").status()).isEqualTo(400);
    assertThat(server.get("/v1/queue").json().path("newest")).hasSize(2);
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
  void replaysAsAZipFile() {
    assertThat(server.get("/v1/executions/" + server.start() + "/replay").status()).isEqualTo(200);
  }
}
