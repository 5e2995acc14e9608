package io.windlass.cli;

import static io.windlass.cli.StubServer.answer;
import static io.windlass.cli.StubServer.events;
import static io.windlass.cli.StubServer.json;
import static io.windlass.cli.StubServer.sample;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private static final String ID = "1a2b3c4d5e6f7890";
  private final StubServer stub = new StubServer();

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void listsChainsWithTheFaultsOfBrokenOnes() {
    stub.on("GET /chains", sample("chains.json"));

    assertThat(Shell.at(stub).run("list").out().lines().map(String::strip))
        .containsExactly(
            "NAME         STEPS  VERSION  DESCRIPTION",
            "repo-health  9      1.0      What state a repository is in",
            "old-one                      broken: Invalid chain \"old-one\": output: required");
    assertThat(Shell.at(stub).run("list", "--json").json().at("/0/stepCount")).isEqualTo("9");
  }

  @Test
  void validatesAFileAndFailsOnErrors(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "name: x");
    stub.on(
        "POST /v1/definitions/chain/validate?name=mine",
        json(
            200,
            """
            {"valid": false, "errors": [{"path": "steps", "reason": "required"}],
             "warnings": [{"path": "extra", "reason": "unknown field"}]}\
            """));

    var result = Shell.at(stub).run("validate", file.toString());

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .isEqualTo(
            "error    steps: required\nwarning  extra: unknown field\n"
                + "mine: 1 error, 1 warning\n");
    assertThat(stub.requests().getFirst().json().get("source").stringValue()).isEqualTo("name: x");
  }

  @Test
  void takesAPathForAFile_whateverTheKind(@TempDir Path folder) throws IOException {
    Path json = Files.writeString(folder.resolve("plan.json"), "{}");
    Path odd = Files.writeString(folder.resolve("other.txt"), "name: x");
    stub.on("POST /v1/definitions/workflow/validate?name=plan", json(200, "{\"valid\":true}"))
        .on("POST /v1/definitions/graph/validate?name=other.txt", json(200, "{\"valid\":true}"));

    for (String[] one : new String[][] {{"workflow", json.toString()}, {"graph", odd.toString()}}) {
      var result = Shell.at(stub).run("validate", "--kind", one[0], one[1]);
      assertThat(result.err()).isEmpty();
      assertThat(result.exit()).isZero();
    }
    var missing = Shell.at(stub).run("validate", "--kind", "workflow", "gone.json");
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("There is no file gone.json");
  }

  @Test
  void validatesASavedChain_warningsFailOnlyWhenStrict() {
    stub.on("GET /chains/saved", answer(200, "text/yaml", "name: saved"))
        .on(
            "POST /v1/definitions/chain/validate?name=saved",
            json(200, "{\"findings\":[{\"path\":\"a\",\"reason\":\"b\",\"error\":false}]}"));

    assertThat(Shell.at(stub).run("validate", "saved").exit()).isZero();
    assertThat(Shell.at(stub).run("validate", "saved", "--strict").exit()).isEqualTo(1);
  }

  @Test
  void printsWhatADryRunDid() {
    stub.on(
        "POST /v1/definitions/chain/report/plan",
        json(
            200,
            """
            {"kind": "chain", "name": "report", "status": "succeeded", "ended_early": null,
             "waves": [["a"], ["b", "c"]],
             "steps": [{"id": "a", "type": "agent", "status": "ran", "reason": null, "attempts": 2,
                        "model": "openai/m1", "prompt": "Say\\nit", "input_tokens": 10,
                        "output_tokens": 500, "cost_usd": 0.00123456,
                        "notes": ["Dry run: bash for {x} not carried out"], "runs": []},
                       {"id": "b", "type": "transform", "status": "skipped",
                        "reason": "Skipped, condition not met: {a}", "runs": []},
                       {"id": "c", "type": "subchain", "status": "ran", "runs": [
                         {"kind": "chain", "name": "kid", "waves": [["k"]],
                          "steps": [{"id": "k", "type": "gate", "status": "ran"}]}]}],
             "calls": [{"asked": "m1", "model": "openai/m1", "calls": 1, "scripted": 0,
                        "input_tokens": 10, "output_tokens": 500, "cost_usd": 0.00123456},
                       {"asked": "opus", "model": "local/q", "calls": 2, "scripted": 0,
                        "input_tokens": 1, "output_tokens": 2, "cost_usd": null}],
             "cost_usd": null, "prices_as_of": "2026-02", "problems": [], "warnings": ["w"]}\
            """));

    var result = Shell.at(stub).run("dry-run", "report", "-i", "topic=x");

    assertThat(result.out())
        .isEqualTo(
            """
            wave 1
              a  [agent]  ran, 2 attempts
                  Dry run: bash for {x} not carried out
                  openai/m1, about 10 + 500 tokens, $0.00123
                  asked: Say it
            wave 2
              b  [transform]  skipped: Skipped, condition not met: {a}
              c  [subchain]  ran
                  runs the chain kid
                  wave 1
                    k  [gate]  ran
            calls   1 × openai/m1, about 10 + 500 tokens, $0.00123
            calls   2 × local/q for opus, about 1 + 2 tokens, cost unknown
            cost    unknown: a price is not known (docs/models.md tells how to give it)
            warning w
            would succeed
            """);
    assertThat(result.exit()).isZero();
    assertThat(stub.requests().getFirst().json())
        .isEqualTo(Documents.read("{\"input\":{\"topic\":\"x\"}}"));
  }

  @Test
  void dryRunsAFileWithAScript_andFailsWhereTheRunWould(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "name: x");
    Path script = Files.writeString(folder.resolve("answers.yaml"), "answers: []");
    stub.on(
        "POST /v1/definitions/chain/plan",
        json(200, "{\"status\":\"invalid\",\"problems\":[\"no steps\"],\"cost_usd\":0}"),
        json(200, "{\"status\":\"failed\",\"error\":\"No such model\",\"cost_usd\":0.5}"));

    var invalid = Shell.at(stub).run("dry-run", file.toString(), "--script", script.toString());
    assertThat(invalid.exit()).isEqualTo(1);
    assertThat(invalid.out())
        .isEqualTo("calls   none to a model\ncost    nothing\nproblem no steps\ncannot run\n");
    assertThat(stub.requests().getFirst().json())
        .isEqualTo(
            Documents.read(
                "{\"input\":{},\"script\":\"answers: []\",\"source\":\"name: x\",\"name\":\"mine\"}"));
    var failed = Shell.at(stub).run("dry-run", "--file", file.toString(), "--json");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.json().at("/error")).isEqualTo("No such model");
    assertThat(Shell.at(stub).run("dry-run", "x", "--script", "nowhere.yaml").exit()).isEqualTo(2);
  }

  @Test
  void dryRunsTheExampleOfTheLibrary(@TempDir Path library) throws IOException {
    Path examples = Files.createDirectory(library.resolve("examples"));
    Files.writeString(examples.resolve("report.input.json"), "{\"topic\": \"x\", \"days\": 3}");
    Files.writeString(examples.resolve("report.script.yaml"), "answers: []");
    stub.on(
        "POST /v1/definitions/chain/report/plan",
        json(200, "{\"status\":\"succeeded\",\"cost_usd\":0}"));
    Shell shell = Shell.at(stub).env("WINDLASS_LIBRARY_DIR", library.toString());

    assertThat(shell.run("dry-run", "report", "--example", "-i", "days=4").exit()).isZero();
    assertThat(stub.requests().getFirst().json())
        .isEqualTo(
            Documents.read(
                "{\"input\":{\"topic\":\"x\",\"days\":\"4\"},\"script\":\"answers: []\"}"));
    var absent = shell.run("dry-run", "other", "--example");
    assertThat(absent.exit()).isEqualTo(2);
    assertThat(absent.err()).contains("other has no example", "other.input.json");
    assertThat(shell.run("run", "report", "--example", "--input-file", "x").err())
        .contains("--example or --input-file, not both");
  }

  @Test
  void showsOneExecutionWithItsSteps() {
    stub.on("GET /v1/executions/" + ID, sample("execution-detail.json"));

    assertThat(Shell.at(stub).run("status", ID).out())
        .contains("status    succeeded", "took      1.2 s", "5 + 20 tokens, cost unknown")
        .contains("gather  agent      done    1.2 s     5 + 20", "no such operation")
        .endsWith("result:\nAll is well\n");
  }

  @Test
  void tellsThatAnExecutionStops() {
    String stopping =
        Samples.text("execution-detail.json")
            .replace("\"succeeded\"", "\"running\"")
            .replace(
                "\"stopping\": null",
                "\"stopping\": {\"by\": \"ann\", \"at\": \"2026-03-29T14:00:00Z\"}");
    stub.on("GET /v1/executions/" + ID, json(200, stopping));

    assertThat(Shell.at(stub).run("status", ID).out())
        .contains("status    running\nstopping  told by ann at 2026-03-29T14:00:00Z: ");
  }

  @Test
  void listsTheNewestExecutions() {
    stub.on(
        "GET /v1/executions?limit=5&status=failed",
        json(
            200,
            "{\"items\":[" + Samples.text("execution-detail.json") + "],\"next_cursor\":null}"));

    assertThat(Shell.at(stub).run("status", "-n", "5", "--status", "failed").out())
        .contains(ID + "  chain  report  succeeded  2026-03-29T14:00:00Z  1.2 s");
    assertThat(Shell.at(stub).run("status", "-n", "0").exit()).isEqualTo(2);
  }

  @Test
  void followsTheEventsOfAnExecution() {
    stub.on("GET /v1/executions/" + ID, sample("execution-detail.json"))
        .on("GET /v1/executions/" + ID + "/stream", events(Samples.text("events.sse")));

    assertThat(Shell.at(stub).run("logs", ID).out())
        .contains("14:00:00  start  gather  Gather facts")
        .contains("14:00:01  done   gather  Gather facts  900 ms, 5 + 20 tokens")
        .contains("14:00:02  ended  well");
    assertThat(Shell.at(stub).run("logs", ID, "--json").out().lines()).hasSize(4);
  }

  @Test
  void readsAllPagesOfEvents_withoutFollowing() {
    String path = "GET /v1/executions/" + ID + "/events?limit=1000";
    stub.on(
            path,
            json(
                200,
                "{\"items\":[{\"type\":\"step_started\",\"step\":\"a\",\"at\":\"2026-03-29T14:00:00Z\"}],"
                    + "\"next_cursor\":\"c 1\"}"))
        .on(
            path + "&cursor=c%201",
            json(
                200,
                "{\"items\":[{\"type\":\"step_skipped\",\"step\":\"b\",\"reason\":\"no\"}],\"next_cursor\":null}"));

    assertThat(Shell.at(stub).run("logs", ID, "--no-follow").out())
        .isEqualTo("14:00:00  start  a\nskip   b: no\n");
  }

  @Test
  void doesNotWaitForAnExecutionThatDoesNotExist() {
    stub.on("GET /v1/executions/nope", json(404, "{\"detail\":\"No execution nope\"}"));

    var result = Shell.at(stub).run("logs", "nope");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("windlass: No execution nope\n");
  }

  @Test
  void cancels() {
    stub.on("POST /v1/executions/" + ID + "/cancel", sample("execution-detail.json"));

    assertThat(Shell.at(stub).run("cancel", ID).out()).isEqualTo("cancelled " + ID + "\n");
  }

  @Test
  void resumesAndShowsOnlyWhatIsNew() {
    stub.on("GET /v1/executions/" + ID, sample("execution-detail.json"))
        .on("POST /v1/executions/" + ID + "/resume", sample("execution-detail.json"))
        .on("GET /v1/executions/" + ID + "/stream", events(Samples.text("events.sse")));

    var result = Shell.at(stub).run("resume", ID);

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("All is well\n");
    assertThat(stub.request("GET /v1/executions/" + ID + "/stream").header("Last-event-id"))
        .isEqualTo("8");
  }

  @Test
  void repeatsAnEndedRunAsANewOne() {
    stub.on(
            "POST /v1/executions/" + ID + "/rerun",
            json(201, "{\"id\":\"0191\",\"public_id\":\"ffee\",\"status\":\"queued\"}"))
        .on("GET /v1/executions/ffee", sample("execution-detail.json"))
        .on("GET /v1/executions/ffee/stream", events(Samples.text("events.sse")));

    var result = Shell.at(stub).run("rerun", ID, "--from", "report", "--current");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("All is well\n");
    assertThat(stub.request("POST /v1/executions/" + ID + "/rerun").json())
        .isEqualTo(Documents.read("{\"from_step\":\"report\",\"current_definition\":true}"));
  }

  @Test
  void printsTheIdOfTheNewRun_whenItIsNotToBeFollowed() {
    stub.on(
        "POST /v1/executions/" + ID + "/rerun",
        json(201, "{\"id\":\"0191\",\"public_id\":\"ffee\",\"status\":\"queued\"}"),
        json(409, "{\"title\":\"Conflict\",\"detail\":\"It has not ended\"}"));

    var result = Shell.at(stub).run("rerun", ID, "--detach");
    var refused = Shell.at(stub).run("rerun", ID);

    assertThat(result.out()).isEqualTo("ffee\n");
    assertThat(stub.requests().getFirst().json())
        .isEqualTo(Documents.read("{\"current_definition\":false}"));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).isEqualTo("windlass: It has not ended\n");
  }

  @Test
  void takesAStreamWithNothingMoreToTellForItsEnd() {
    stub.on("GET /v1/executions/" + ID, sample("execution-detail.json"))
        .on("POST /v1/executions/" + ID + "/resume", sample("execution-detail.json"))
        .on("GET /v1/executions/" + ID + "/stream", answer(204, "text/plain", ""));

    var result = Shell.at(stub).run("resume", ID);

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("All is well\n");
  }

  @Test
  void makesChangesTogglesRunsAndDeletesSchedules() {
    stub.on(
            "GET /v1/schedules?limit=200",
            json(200, "{\"items\":[" + Samples.text("schedule.json") + "],\"next_cursor\":null}"))
        .on("POST /v1/schedules", json(201, Samples.text("schedule.json")))
        .on("PATCH /v1/schedules/sched_1a2b", sample("schedule.json"))
        .on("POST /v1/schedules/sched_1a2b/toggle", sample("schedule.json"))
        .on("POST /v1/schedules/sched_1a2b/run", json(201, Samples.text("execution-detail.json")))
        .on("DELETE /v1/schedules/sched_1a2b", answer(204, "text/plain", ""));

    assertThat(Shell.at(stub).run("schedules").out())
        .contains(
            "sched_1a2b  Every morning  chain repo-health  0 7 * * 1-5  Europe/Brussels  yes");
    assertThat(
            Shell.at(stub)
                .run(
                    "schedules",
                    "create",
                    "repo-health",
                    "--cron",
                    "0 7 * * 1-5",
                    "--zone",
                    "Europe/Brussels",
                    "--overlap",
                    "queue",
                    "-i",
                    "path=/srv/app")
                .out())
        .isEqualTo("sched_1a2b  on, next 2026-03-30T05:00:00Z\n");
    assertThat(stub.request("POST /v1/schedules").json())
        .isEqualTo(
            Documents.read(
                """
                {"kind": "chain", "name": "repo-health", "cron": "0 7 * * 1-5", "overlap": "queue",
                 "time_zone": "Europe/Brussels", "input": {"path": "/srv/app"}}\
                """));
    assertThat(Shell.at(stub).run("schedules", "update", "sched_1a2b", "--enabled", "false").exit())
        .isZero();
    assertThat(stub.request("PATCH /v1/schedules/sched_1a2b").body())
        .isEqualTo("{\"enabled\":false}");
    assertThat(Shell.at(stub).run("schedules", "update", "sched_1a2b").exit()).isEqualTo(2);
    assertThat(Shell.at(stub).run("schedules", "toggle", "sched_1a2b").exit()).isZero();
    assertThat(Shell.at(stub).run("schedules", "run", "sched_1a2b", "-d").out())
        .isEqualTo(ID + "\n");
    assertThat(Shell.at(stub).run("schedules", "delete", "sched_1a2b").out())
        .isEqualTo("deleted sched_1a2b\n");
  }

  @Test
  void runsAPipelineWithTheStepsOfItsChains() {
    stub.on("POST /pipelines/weekly/execute", json(200, "{\"executionId\":\"pip_1\"}"))
        .on(
            "GET /executions/pip_1/stream",
            events(
                """
                data: {"type":"step_started","stepId":"a/gather","label":"Gather"}

                data: {"type":"step_waiting_approval","stepId":"a/gate","prompt":"Go?"}

                data: {"type":"execution_done","result":"both","durationMs":3}

                """))
        .on(
            "GET /pipeline-executions/pip_1",
            json(200, "{\"id\":\"pip_1\",\"status\":\"done\",\"result\":\"both\"}"));

    var result = Shell.at(stub).run("pipelines", "run", "weekly", "-i", "a=b");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("both\n");
    assertThat(result.err()).contains("start  a/gather  Gather", "windlass approve");
  }

  @Test
  void listsMcpServersAndABrokenSettingsFile() {
    stub.on(
        "GET /v1/mcp-servers",
        json(
            200,
            """
            {"settings_file": "/home/mcp_settings.json", "fault": "line 2", "items": [
              {"name": "files", "title": "Files", "transport": "stdio", "state": "running", "tools": 3, "error": null},
              {"name": "mcp_settings.json", "title": "", "transport": "", "state": "invalid", "tools": null,
               "error": "invalid JSON at line 2"}]}
            """),
        json(
            200,
            "{\"settings_file\": \"/home/mcp_settings.json\", \"fault\": null, \"items\": []}"));

    var some = Shell.at(stub).run("mcp-servers");
    assertThat(some.exit()).isZero();
    assertThat(some.out())
        .contains("files", "running", "3", "mcp_settings.json", "invalid JSON at line 2");
    assertThat(Shell.at(stub).run("mcp-servers").out())
        .contains("No MCP servers in /home/mcp_settings.json");
  }

  @Test
  void showsHealth() {
    stub.on(
        "GET /health",
        json(
            200,
            "{\"status\":\"up\",\"version\":\"1\",\"checks\":[{\"name\":\"database\",\"ok\":true}]}"),
        json(
            503,
            "{\"status\":\"down\",\"version\":\"1\",\"checks\":[{\"name\":\"database\",\"ok\":false,\"detail\":\"read-only\"}]}"));

    var up = Shell.at(stub).run("health");
    assertThat(up.exit()).isZero();
    assertThat(up.out()).contains("up  1", "database  ok");
    var down = Shell.at(stub).run("health");
    assertThat(down.exit()).isEqualTo(1);
    assertThat(down.out()).contains("database  down   read-only");
  }

  @Test
  void findsWhatIsMissing(@TempDir Path folder) throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.writeString(home.resolve("windlass.db"), "this is no database at all");
    stub.on("GET /health", json(200, "{\"hello\":\"world\"}"));

    var result =
        Shell.at(stub)
            .env("WINDLASS_HOME", home.toString())
            .env("PATH", folder.toString())
            .run("doctor");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("ok       Java: 25", "ok       home: " + home)
        .contains("missing  database: " + home.resolve("windlass.db") + " is no SQLite file")
        .contains("missing  git", "apt-get install git", "note     models")
        .contains("is taken by another program");
  }

  @Test
  void findsNothingMissing_whenAllIsThere(@TempDir Path folder) throws IOException {
    for (String program : new String[] {"git", "bash"}) {
      assertThat(Files.createFile(folder.resolve(program)).toFile().setExecutable(true)).isTrue();
    }
    stub.on("GET /health", json(200, "{\"status\":\"up\",\"version\":\"1\",\"checks\":[]}"));

    var result =
        Shell.at(stub)
            .env("WINDLASS_HOME", folder.resolve("home").toString())
            .env("PATH", folder.toString())
            .env("OPENAI_API_KEY", "sk-secret")
            .run("doctor", "--json");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).doesNotContain("sk-secret", "\"missing\"").contains("OPENAI_API_KEY");
  }
}
