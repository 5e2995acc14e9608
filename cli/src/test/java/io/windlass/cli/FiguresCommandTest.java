package io.windlass.cli;

import static io.windlass.cli.StubServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FiguresCommandTest {
  private final StubServer stub = new StubServer();

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void showsHowRunsWent() {
    stub.on(
        "GET /v1/stats?kind=chain&name=report",
        json(
            200,
            """
            {"kinds": ["chain"], "name": "report", "newest_at_most": 1000, "runs": 5, "queued": 0,
             "running": 1, "waiting": 0, "succeeded": 3, "failed": 1, "cancelled": 0,
             "success_rate": 0.75, "duration_ms": {"median": 1200, "p95": 61000, "longest": 61000},
             "input_tokens": 120, "output_tokens": 40, "known_cost_usd": 0.0000012,
             "runs_of_unknown_cost": 1, "last_run_at": "2026-11-22T08:00:00Z"}\
            """));

    var told = Shell.at(stub).run("stats", "report", "--kind", "chain");

    assertThat(told.exit()).isZero();
    assertThat(told.out())
        .isEqualTo(
            """
            runs          5
              running     1
              succeeded   3
              failed      1
            success rate  75.0 % of those that have ended
            took          1.2 s in the middle, 95 % within 1 m 01 s, 1 m 01 s at most
            tokens        120 in, 40 out
            cost          $0.0000012, and 1 run of unknown cost
            last run      2026-11-22T08:00:00Z
            """);
  }

  @Test
  void tellsThatOnlyTheNewestRunsWereCounted_andThatThereAreNone() {
    stub.on(
            "GET /v1/stats",
            json(
                200,
                """
                {"kinds": [], "name": null, "newest_at_most": 1000, "runs": 1000, "succeeded": 1000,
                 "input_tokens": 0, "output_tokens": 0, "known_cost_usd": null,
                 "runs_of_unknown_cost": 1000}\
                """))
        .on("GET /v1/stats?name=none", json(200, "{\"runs\": 0}"));

    assertThat(Shell.at(stub).run("stats").out())
        .contains("runs          the newest 1000\n", "cost          unknown\n");
    assertThat(Shell.at(stub).run("stats", "none").out()).isEqualTo("No runs yet\n");
  }

  @Test
  void showsWhatGoesOn() {
    stub.on(
        "GET /v1/queue",
        json(
            200,
            """
            {"queued": 1, "running": 2, "waiting": 0, "pending_approvals": 3,
             "may_run_at_once": {"chain": 5, "pipeline": 5},
             "newest": [{"public_id": "0a1b", "kind": "chain", "name": "report",
               "status": "running", "created_at": "2026-11-22T08:00:00Z"}]}\
            """));

    assertThat(Shell.at(stub).run("queue").out())
        .isEqualTo(
            """
            queued            1
            running           2
            waiting           0
            open questions    3
            may run at once   chain 5, pipeline 5

            ID    KIND   NAME    STATUS   STARTED
            0a1b  chain  report  running  2026-11-22T08:00:00Z
            """);
  }

  @Test
  void drawsWhenEachStepRan() {
    stub.on(
        "GET /v1/executions/0a1b",
        json(
            200,
            """
            {"public_id": "0a1b", "kind": "chain", "name": "report", "status": "failed",
             "created_at": "2026-11-22T08:00:00.000Z", "finished_at": "2026-11-22T08:00:10.000Z",
             "duration_ms": 10000, "steps": [
               {"id": "first", "status": "done", "started_at": "2026-11-22T08:00:00.000Z",
                "finished_at": "2026-11-22T08:00:05.000Z"},
               {"id": "second", "status": "failed", "started_at": "2026-11-22T08:00:05.000Z",
                "finished_at": "2026-11-22T08:00:10.000Z"},
               {"id": "quick", "status": "done", "started_at": "2026-11-22T08:00:10.000Z",
                "finished_at": "2026-11-22T08:00:10.000Z"},
               {"id": "never", "status": "skipped", "started_at": null, "finished_at": null}]}\
            """));

    String half = "#".repeat(25);
    String rest = ".".repeat(25);
    assertThat(Shell.at(stub).run("timeline", "0a1b").out().lines())
        .containsExactly(
            "chain report  failed  10.0 s",
            "STEP    STATUS  BEGAN AFTER  TOOK   FROM BEGINNING TO END",
            "first   done    0 ms         5.0 s  " + half + rest,
            "second  failed  5.0 s        5.0 s  " + rest + half,
            "quick   done    10.0 s       0 ms   " + ".".repeat(49) + "#");
  }
}
