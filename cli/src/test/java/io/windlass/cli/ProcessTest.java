package io.windlass.cli;

import static io.windlass.cli.StubServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only a process of its own can show: signals, and servers that come and go. */
@Timeout(60)
class ProcessTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @Test
  void cancelsTheRunAtAnInterrupt_whenNobodyCanBeAsked() throws Exception {
    CountDownLatch watching = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    String error = "\"Cancelled by user\"";
    try (StubServer stub = new StubServer()) {
      stub.on("POST /execute/slow", json(200, "{\"executionId\":\"ab12\"}"))
          .on(
              "GET /executions/ab12",
              json(200, "{\"id\":\"ab12\",\"status\":\"error\",\"error\":" + error + "}"))
          .on(
              "DELETE /executions/ab12",
              exchange -> {
                json(200, "{\"ok\":true}").to(exchange);
                cancelled.countDown();
              })
          .on(
              "GET /executions/ab12/stream",
              exchange -> {
                exchange.sendResponseHeaders(200, 0);
                try (OutputStream out = exchange.getResponseBody()) {
                  write(out, "data: {\"type\":\"step_started\",\"stepId\":\"a\"}\n\n");
                  watching.countDown();
                  await(cancelled);
                  write(out, "data: {\"type\":\"execution_error\",\"error\":" + error + "}\n\n");
                }
              });
      // Who runs the tests may ignore interrupts, as shells let what runs in the background do.
      Process cli =
          start(
              List.of(
                  "env",
                  "--default-signal=INT",
                  JAVA,
                  "-cp",
                  CLASS_PATH,
                  "io.windlass.cli.Main",
                  "run",
                  "slow",
                  "--chains-url",
                  stub.url()));
      await(watching);
      // The first line of progress shows that signals are being listened to.
      var err = cli.errorReader(StandardCharsets.UTF_8);
      assertThat(err.readLine()).isEqualTo("start  a");
      assertThat(start(List.of("kill", "-INT", "" + cli.pid())).waitFor()).isZero();

      assertThat(cli.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
      assertThat(err.lines()).contains("cancelling ab12 …");
      assertThat(stub.lines()).contains("DELETE /executions/ab12");
    }
  }

  @Test
  void startsAServerForTheDuration_whenNoneListens() throws IOException {
    int port = freePort();
    int chains = freePort();

    var result =
        new Shell()
            .env("WINDLASS_PORT", "" + port)
            .env("WINDLASS_COMPUTE_PORT", "off")
            .env("WINDLASS_CHAINS_PORT", "" + chains)
            .env("WINDLASS_SERVER_COMMAND", command("StubServerMain " + port + " " + chains))
            .run("run", "report");

    assertThat(result.err())
        .contains("No server is running at http://127.0.0.1:%d: starting one".formatted(port));
    assertThat(result.out()).isEqualTo("# Report\nAll is well\n");
    assertThat(result.exit()).isZero();
    assertThat(MachineChecks.accepts("127.0.0.1", chains)).isFalse();
  }

  @Test
  void usesTheServerThatListens() throws IOException {
    try (StubServer stub = new StubServer()) {
      stub.on("GET /chains", json(200, "[]"));
      var result =
          new Shell()
              .env("WINDLASS_COMPUTE_PORT", "off")
              .env("WINDLASS_CHAINS_PORT", "" + stub.port())
              .env("WINDLASS_SERVER_COMMAND", "false")
              .run("list");

      assertThat(result.exit()).isZero();
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void usesTheServerThatListensWhereWindlassPortSays() throws IOException {
    try (StubServer stub = new StubServer()) {
      stub.on("GET /apis/chains/chains", json(200, "[]"));
      var result =
          new Shell()
              .env("WINDLASS_PORT", "" + stub.port())
              .env("WINDLASS_SERVER_COMMAND", "false")
              .run("list");

      assertThat(result.err()).isEmpty();
      assertThat(result.exit()).isZero();
    }
  }

  @Test
  void startsNoSecondServer_whenOneListensWithoutItsChainsPort() throws IOException {
    try (StubServer stub = new StubServer()) {
      stub.on("GET /health", json(200, "{\"status\":\"up\"}"));
      int chains = freePort();
      var result =
          new Shell()
              .env("WINDLASS_PORT", "" + stub.port())
              .env("WINDLASS_CHAINS_PORT", "" + chains)
              .env("WINDLASS_SERVER_COMMAND", "false")
              .run("list");

      assertThat(result.exit()).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(result.err())
          .startsWith("windlass: No server listens at http://127.0.0.1:%d;".formatted(chains))
          .contains("WINDLASS_CHAINS_URL");
    }
  }

  @Test
  void saysWhatTheServerSaid_whenItCannotStart() throws IOException {
    var result =
        new Shell()
            .env("WINDLASS_PORT", "" + freePort())
            .env("WINDLASS_COMPUTE_PORT", "off")
            .env("WINDLASS_CHAINS_PORT", "" + freePort())
            .env("WINDLASS_SERVER_COMMAND", "sh -c 'echo port taken: set WINDLASS_PORT; exit 4'")
            .run("run", "report");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("(exit code 4): port taken: set WINDLASS_PORT");
  }

  private static String command(String main) {
    return "'%s' -XX:TieredStopAtLevel=1 -cp '%s' io.windlass.cli.%s"
        .formatted(JAVA, CLASS_PATH, main);
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
