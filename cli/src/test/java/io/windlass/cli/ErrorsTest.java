package io.windlass.cli;

import static io.windlass.cli.StubServer.answer;
import static io.windlass.cli.StubServer.json;
import static io.windlass.cli.StubServer.sample;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorsTest {
  private final StubServer stub = new StubServer();

  @AfterEach
  void stop() {
    stub.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run x",
        "list",
        "validate x",
        "dry-run x",
        "status",
        "status x",
        "logs x",
        "cancel x",
        "approve",
        "approve x",
        "reject x",
        "resume x",
        "schedules",
        "schedules toggle x",
        "schedules update x --cron a",
        "pipelines",
        "pipelines run x",
        "mcp-servers",
        "health"
      })
  void saysInOneLineThatNobodyListens(String command) {
    String url = stub.url();
    stub.close();

    var result =
        new Shell()
            .env("WINDLASS_URL", url)
            .env("WINDLASS_CHAINS_URL", url)
            .run(command.split(" ", -1));

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("windlass: No server listens at " + url);
  }

  @Test
  void showsTheErrorOfTheChainsSurface() {
    stub.on("POST /execute/x", json(400, "{\"error\":\"Chain not found: x\"}"));

    var result = Shell.at(stub).run("run", "x");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("windlass: Chain not found: x\n");
  }

  @Test
  void showsTheDetailAndTheFaultsOfAProblem() {
    stub.on(
        "POST /v1/schedules",
        answer(400, "application/problem+json", Samples.text("problem.json")));

    var result = Shell.at(stub).run("schedules", "create", "x", "--cron", "x");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("windlass: Invalid cron \"x\": write five fields\n  cron: has 1 field\n");
  }

  @Test
  void showsAFaultOnceThatTheDetailHasToo() {
    stub.on(
        "POST /v1/budgets",
        answer(
            400,
            "application/problem+json",
            """
            {"title": "Invalid input", "status": 400, "code": "INVALID_INPUT",
             "detail": "The request is not valid:\\nwindow: must be one of hour, day",
             "errors": [{"path": "window", "reason": "must be one of hour, day"}]}
            """));

    var result = Shell.at(stub).run("budgets", "create", "--limit", "1", "--window", "dya");

    assertThat(result.err())
        .isEqualTo("windlass: The request is not valid:\n  window: must be one of hour, day\n");
  }

  @Test
  void saysThatTooMuchRuns() {
    stub.on("POST /execute/x", json(429, "{\"error\":\"Too many executions (5)\"}"));

    assertThat(Shell.at(stub).run("run", "x").err())
        .isEqualTo("windlass: Too many executions (5) (try again when a run has ended)\n");
  }

  @Test
  void namesTheSettingForAMissingToken() {
    stub.on("GET /chains", json(401, "{\"error\":\"Unauthorized\"}"));

    var result = Shell.at(stub).run("list");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("set WINDLASS_TOKEN or --token (Unauthorized)");
  }

  @Test
  void sendsTheTokenOfTheOptionBeforeThatOfTheEnvironment() {
    stub.on("GET /chains", sample("chains.json"));

    Shell.at(stub).env("WINDLASS_TOKEN", "a").run("list", "--token", "b");

    assertThat(stub.request("GET /chains").header("Authorization")).isEqualTo("Bearer b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"name\":", "<html>hello</html>", "[1,2"})
  void saysThatWhatAnswersIsNoServerOfOurs(String body) {
    stub.on("GET /chains", json(200, body));

    var result = Shell.at(stub).run("list");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("no Windlass server").hasLineCount(1);
  }

  @Test
  void takesABrokenGatewayForNoServer() {
    stub.on("GET /chains", answer(502, "text/html", "<html>\n<b>Bad Gateway</b>\n</html>"));

    var result = Shell.at(stub).run("list");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("HTTP 502").hasLineCount(1);
  }

  @Test
  void shortensAnErrorBodyThatIsNoneOfOurs() {
    stub.on("GET /chains", answer(500, "text/html", "<p>\n" + "x".repeat(10_000)));

    var result = Shell.at(stub).run("list");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("HTTP 500").hasLineCount(1).hasSizeLessThan(300);
  }

  @Test
  void refusesAnAnswerWithoutEnd() {
    byte[] much = new byte[1 << 20];
    Arrays.fill(much, (byte) ' ');
    stub.on(
        "GET /chains",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var out = exchange.getResponseBody()) {
            for (int i = 0; i < 100; i++) {
              out.write(much);
            }
          }
        });

    var result = Shell.at(stub).run("list");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("larger than 64 MB").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"not a url", "ftp://x", "http://", "127.0.0.1:7070", "http://h:99999"})
  void refusesAnAddressThatIsNone(String url) {
    var result = new Shell().run("health", "--url", url);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("is no URL for --url").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bogus", "run a b", "list --what", "logs", "status --limit x"})
  void endsWithTwoOnWrongUsage(String command) {
    var result = Shell.at(stub).run(command.split(" ", -1));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("windlass: ").contains("--help");
    assertThat(stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "run",
        "list",
        "validate",
        "dry-run",
        "status",
        "logs",
        "cancel",
        "approve",
        "reject",
        "resume",
        "rerun",
        "schedules",
        "schedules list",
        "schedules create",
        "schedules update",
        "schedules toggle",
        "schedules run",
        "schedules delete",
        "pipelines",
        "pipelines list",
        "pipelines run",
        "mcp-servers",
        "health",
        "doctor"
      })
  void helpsWithAnExample(String command) {
    var result = Shell.at(stub).run((command + " --help").split(" ", -1));

    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("Example:", "windlass " + command.split(" ")[0]);
  }

  @Test
  void listsEveryCommandAndTheExitCodes() {
    var result = new Shell().run();

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("serve", "run ", "list", "validate", "dry-run", "status", "logs", "cancel")
        .contains(
            "approve", "reject", "resume", "rerun", "schedules", "pipelines", "health", "doctor")
        .contains("Exit codes:", "130");
    assertThat(new Shell().run("--version").out()).startsWith("windlass ");
  }

  @Test
  void pointsToTheLauncherForTheServer() {
    var result = new Shell().run("serve");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("./windlass serve");
  }
}
