package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.surface.unified.UnifiedServer.Answer;
import org.junit.jupiter.api.Test;

/** Definitions and schedules. */
abstract class DefinitionCases extends UnifiedCase {
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

    assertThat(
            server.post("/v1/definitions/chain/toy/plan", "{\"input\":{\"a\":1}}").at("/input/a"))
        .isEqualTo("1");
    Answer none = server.post("/v1/definitions/pipeline/line/plan", "{}");
    assertThat(none.status()).isEqualTo(501);
    assertThat(none.at("/code")).isEqualTo("NOT_IMPLEMENTED");
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
}
