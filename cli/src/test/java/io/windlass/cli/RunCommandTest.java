package io.windlass.cli;

import static io.windlass.cli.StubServer.brokenEvents;
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

class RunCommandTest {
  private static final String STREAM = "GET /executions/1a2b3c4d5e6f7890/stream";
  private static final String RECORD = "GET /executions/1a2b3c4d5e6f7890";
  private static final String WHOLE = Samples.text("stream-done.sse");

  private final StubServer stub = new StubServer();

  {
    stub.on("POST /execute/report", json(200, "{\"executionId\":\"1a2b3c4d5e6f7890\"}"))
        .on(STREAM, events(WHOLE))
        .on(RECORD, sample("execution-done.json"));
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void showsStepsOnStandardErrorAndTheResultOnStandardOutput() {
    var result = Shell.at(stub).run("run", "report");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("# Report\nAll is well\n");
    assertThat(result.err())
        .containsSubsequence(
            "start  gather  Gather facts",
            "log    gather  Gather facts: took long",
            "done   gather  Gather facts  1.2 s, 5 + 20 tokens",
            "done   write  7 ms",
            "ended  well  1.2 s")
        .doesNotContain("one two", "\033");
  }

  @Test
  void runsOtherKindsAtTheUnifiedSurface(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("g.yaml"), "name: g\n");
    stub.on("POST /v1/definitions/graph/validate?name=g", json(200, "{\"valid\": true}"))
        .on("PUT /v1/definitions/graph/g", json(201, "{}"))
        .on("POST /v1/executions", json(201, "{\"id\": \"1\", \"public_id\": \"exec_1\"}"));

    var result =
        Shell.at(stub).run("run", "--kind", "graph", file.toString(), "-i", "a=b", "--detach");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("exec_1\n");
    assertThat(stub.request("PUT /v1/definitions/graph/g").json())
        .isEqualTo(Documents.read("{\"source\": \"name: g\\n\"}"));
    assertThat(stub.request("POST /v1/executions").json())
        .isEqualTo(
            Documents.read("{\"kind\": \"graph\", \"name\": \"g\", \"input\": {\"a\": \"b\"}}"));
    assertThat(Shell.at(stub).run("run", "--kind", "poem", "x").err())
        .contains("--kind poem is none of chain, pipeline, graph, workflow");
  }

  @Test
  void sendsInputsFromOptionsFilesAndStandardInput(@TempDir Path folder) throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "from a file\n");
    Path more = Files.writeString(folder.resolve("in.json"), "{\"n\": 3, \"topic\": \"hidden\"}");

    var result =
        Shell.at(stub)
            .typing("typed")
            .run(
                "run",
                "report",
                "-i",
                "topic=a=b",
                "-i",
                "notes=@" + notes,
                "-i",
                "x=@-",
                "-i",
                "at=@@me",
                "--input-file",
                more.toString());

    assertThat(result.exit()).isZero();
    var start = stub.request("POST /execute/report");
    assertThat(start.json().get("input"))
        .isEqualTo(
            Documents.read(
                """
                {"n": 3, "topic": "a=b", "notes": "from a file\\n", "x": "typed", "at": "@me"}
                """));
    assertThat(start.header("Idempotency-key")).isNotBlank();
  }

  @Test
  void savesALocalFileBeforeItRunsIt(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("report.yaml"), "name: é\n");
    stub.on("POST /chains/report", json(200, "{\"ok\":true}"));

    var result = Shell.at(stub).run("run", file.toString());

    assertThat(result.exit()).isZero();
    assertThat(stub.lines()).containsSubsequence("POST /chains/report", "POST /execute/report");
    assertThat(result.err()).doesNotContain("note:");
    assertThat(stub.request("POST /chains/report").body()).isEqualTo("name: é\n");
    assertThat(stub.request("POST /chains/report").header("Content-type")).isEqualTo("text/yaml");
  }

  @Test
  void saysThatAFileReplacesASavedChainAndThatItsNameIsOnlyShown(@TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("report.yaml"), "name: Weekly\n");
    stub.on("POST /chains/report", json(200, "{\"ok\":true}"))
        .on(
            "GET /v1/definitions/chain/report",
            json(200, "{\"version\": 3, \"source\": \"name: report\\n\"}"))
        .on(
            "POST /v1/definitions/chain/validate?name=report",
            json(
                200,
                """
                {"valid": true, "errors": [], "warnings": [
                  {"path": "name", "reason": "\\"Weekly\\" is only shown"},
                  {"path": "steps.0", "reason": "something else"}]}
                """));

    var result = Shell.at(stub).run("run", file.toString());

    assertThat(result.exit()).isZero();
    assertThat(result.err())
        .contains(
            "note: chain \"report\" had another source; this is its version 4 now, and GET /v1/definitions/chain/report/versions still has the old one\n",
            "note: name: \"Weekly\" is only shown\n")
        .doesNotContain("something else");
  }

  @Test
  void doesNotRunAFileThatTheServerRefuses(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("report.yaml"), "name: x\n");
    String fault = "{\"error\":\"Invalid chain \\\"report\\\":\\nsteps: required\"}";
    stub.on("POST /chains/report", json(400, fault));

    var result = Shell.at(stub).run("run", "--file", file.toString());

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("windlass: Invalid chain \"report\":\n  steps: required\n");
    assertThat(stub.lines()).endsWith("POST /chains/report");
  }

  @Test
  void endsWithOneWhenTheRunFails() {
    String frames = "data: {\"type\":\"execution_error\",\"error\":\"Step gather failed\"}\n\n";
    stub.on(STREAM, events(frames)).on(RECORD, sample("execution-failed.json"));

    var result = Shell.at(stub).run("run", "report");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("windlass: The run failed: Step gather failed: no network")
        .contains("run it anew", "windlass resume 1a2b3c4d5e6f7890");
  }

  @Test
  void goesOnAfterTheLastEventThatItSaw_whenTheStreamBreaks() {
    int cut = WHOLE.indexOf("data: {\"type\":\"step_log\"");
    String rest = WHOLE.substring(cut);
    // The frame that was cut off is told again, for its id did not arrive.
    String first = WHOLE.substring(0, cut) + rest.substring(0, 30);
    stub.on(STREAM, brokenEvents(first), events(rest))
        .on(RECORD, sample("execution-running.json"), sample("execution-done.json"));

    var result = Shell.at(stub).run("run", "report", "--stream");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("# Report\nAll is well\n");
    assertThat(result.err()).containsOnlyOnce("start  gather").containsOnlyOnce("took long");
    var streams = stub.requests().stream().filter(r -> r.line().equals(STREAM)).toList();
    assertThat(streams).hasSize(2);
    assertThat(streams.get(0).header("Last-event-id")).isNull();
    assertThat(streams.get(1).header("Last-event-id")).isEqualTo("3");
  }

  @Test
  void showsNothingTwice_whenAServerTellsEverythingAgain() {
    String plain = WHOLE.replaceAll("(?m)^id: .*\n", "");
    int cut =
        plain.indexOf(
            "data: {\"type\":\"step_output\",\"executionId\":\"1a2b3c4d5e6f7890\",\"stepId\":\"gather\",\"chunk\":\"three");
    String again =
        plain
            .replace("\"chunk\":\"one two \"}", "\"chunk\":\"one two thr\"}")
            .replace("\"three\\n\"", "\"ee\\n\"");
    stub.on(STREAM, brokenEvents(plain.substring(0, cut)), events(again))
        .on(RECORD, sample("execution-running.json"), sample("execution-done.json"));

    var result = Shell.at(stub).run("run", "report", "--stream");

    assertThat(result.exit()).isZero();
    assertThat(result.err().replace("output gather:\n", "").replace("connected again\n", ""))
        .containsOnlyOnce("run    report")
        .containsOnlyOnce("start  gather")
        .containsOnlyOnce("done   gather")
        .containsOnlyOnce("one two three\n")
        .containsOnlyOnce("one two");
  }

  @Test
  void takesTheEndFromTheRecord_whenTheStreamLostIt() {
    int cut = WHOLE.indexOf("data: {\"type\":\"execution_done\"");
    stub.on(STREAM, events(WHOLE.substring(0, cut)));

    var result = Shell.at(stub).run("run", "report");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("# Report\nAll is well\n");
    assertThat(result.err()).contains("ended  well");
  }

  @Test
  void readsOnPastAnEndingThatAResumeMadeHistory() {
    String old = "data: {\"type\":\"execution_error\",\"error\":\"first try\"}\n\n";
    stub.on(STREAM, events(old + WHOLE))
        .on(RECORD, sample("execution-running.json"), sample("execution-done.json"));

    var result = Shell.at(stub).run("run", "report");

    assertThat(result.exit()).isZero();
    assertThat(result.err()).doesNotContain("first try").contains("done   write");
  }

  @Test
  void leavesOutAnEventThatIsNoJson() {
    stub.on(STREAM, events("data: {oops\n\n" + WHOLE));

    var result = Shell.at(stub).run("run", "report");

    assertThat(result.exit()).isZero();
    assertThat(result.err()).contains("an event that is no JSON was left out: {oops");
  }

  @Test
  void keepsEscapeSequencesOfAStepAwayFromTheTerminal() {
    String frames =
        """
        data: {"type":"step_started","stepId":"a","label":"\\u001b[2Jgone"}

        data: {"type":"step_error","stepId":"a","error":"bad \\u0007 bell"}

        """;
    stub.on(STREAM, events(frames + WHOLE));

    var result = Shell.at(stub).run("run", "report");

    assertThat(result.err()).contains("start  a  [2Jgone", "bad bell").doesNotContain("\033");
  }

  @Test
  void printsTheRecordAsJson() {
    var result = Shell.at(stub).run("run", "report", "--json", "--quiet");

    assertThat(result.json().at("/steps/gather/durationMs")).isEqualTo("1234");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void printsTheIdAndLeaves_whenDetached() {
    var result = Shell.at(stub).run("run", "report", "-d");

    assertThat(result.out()).isEqualTo("1a2b3c4d5e6f7890\n");
    assertThat(stub.lines()).containsExactly("POST /execute/report");
  }

  @Test
  void drawsTheStepsAtWorkOnATerminal() {
    var result = Shell.at(stub).withTerminals().env("NO_COLOR", "1").run("run", "report");

    assertThat(result.exit()).isZero();
    assertThat(result.err())
        .contains("gather  Gather facts", "\033[?7l", "done   write")
        .doesNotContain("\033[32m", "start  gather");
  }

  @Test
  void coloursOnlyWhereItMay() {
    var result = Shell.at(stub).withTerminals().run("run", "report");

    assertThat(result.err()).contains("\033[32mdone\033[0m");
  }

  @Test
  void saysWhatIsWrongWithTheArguments() {
    assertThat(Shell.at(stub).run("run").exit()).isEqualTo(2);
    assertThat(Shell.at(stub).run("run", "../x").err()).contains("Invalid name ../x");
    assertThat(Shell.at(stub).run("run", "report", "-i", "novalue").err())
        .isEqualTo("windlass: -i novalue has no KEY=VALUE; write for example -i topic=rivers\n");
    assertThat(Shell.at(stub).run("run", "report", "-i", "a=@/no/such").err())
        .isEqualTo("windlass: There is no file /no/such\n");
    assertThat(Shell.at(stub).run("run", "--file", "/no/such.yaml").exit()).isEqualTo(2);
    assertThat(stub.requests()).isEmpty();
  }
}
