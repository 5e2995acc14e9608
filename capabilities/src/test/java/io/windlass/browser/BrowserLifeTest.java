package io.windlass.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.step.FakeStepContext;
import io.windlass.step.StepOutcome;
import io.windlass.web.StubServer;
import io.windlass.workspace.Workspace;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Pages that hang, and how the real Chromium ends: with its execution, and with its server. */
@Timeout(90)
class BrowserLifeTest {
  @TempDir private Path root;
  private final CountDownLatch over = new CountDownLatch(1);
  private final FakeStepContext context = new FakeStepContext();
  private Browsers browsers;
  private Models models;
  private StubServer stub;

  @BeforeEach
  void start() throws Exception {
    browsers =
        new Browsers(
            new BrowserConfig(null, null, root),
            host -> List.of(InetAddress.getAllByName(host)),
            Duration.ofSeconds(10));
    models = new Models(ModelConfig.NONE, InstantSource.system());
    stub = new StubServer().on("/fine", 200, "all is well", "Content-Type", "text/html");
  }

  @AfterEach
  void stop() throws Exception {
    over.countDown();
    browsers.close();
    models.close();
    stub.close();
  }

  @Test
  void givesUpOnAPageThatNeverComes() throws Exception {
    stub.on("/never", _ -> await());
    assertThat(failed(run("/never", context))).contains("/never", "not there within 10 s");
    assertThat(run("/fine", new FakeStepContext())).isEqualTo(StepOutcome.done("all is well"));
  }

  @Test
  void givesUpOnAPageWhoseScriptNeverEnds() throws Exception {
    stub.on(
        "/busy",
        200,
        "<p>busy<script>setTimeout(() => { for (;;) {} }, 100)</script>",
        "Content-Type",
        "text/html");
    assertThat(failed(run("/busy", context))).contains("The page hangs", "10 s");
    assertThat(run("/fine", new FakeStepContext())).isEqualTo(StepOutcome.done("all is well"));
  }

  @Test
  void endsTheBrowser_whenItsExecutionIsCancelled() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    stub.on(
        "/never",
        _ -> {
          asked.countDown();
          await();
        });
    try (var visitors = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StepOutcome> visit = visitors.submit(() -> run("/never", context));
      asked.await();
      List<ProcessHandle> processes = Browsing.processesOf(browsers);
      assertThat(processes).hasSizeGreaterThan(2);
      context.cancel();
      assertThatThrownBy(visit::get).hasCauseInstanceOf(InterruptedException.class);
      Browsing.awaitEnd(processes);
      assertThat(browsers.processes()).isEmpty();
    }
  }

  @Test
  void leavesTheBrowsersOfOthersAlone_whenOneIsCancelled() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    CountDownLatch slow = new CountDownLatch(1);
    stub.on(
        "/never",
        _ -> {
          asked.countDown();
          await();
        });
    stub.on(
        "/slow",
        exchange -> {
          asked.countDown();
          awaitUninterrupted(slow);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, 4);
          exchange
              .getResponseBody()
              .write("late".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        });
    try (var visitors = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StepOutcome> cancelled = visitors.submit(() -> run("/never", context));
      Future<StepOutcome> other = visitors.submit(() -> run("/slow", new FakeStepContext()));
      asked.await();
      context.cancel();
      assertThatThrownBy(cancelled::get).hasCauseInstanceOf(InterruptedException.class);
      slow.countDown();
      assertThat(other.get()).isEqualTo(StepOutcome.done("late"));
    }
  }

  @Test
  void endsTheBrowserWithTheServer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    stub.on(
        "/never",
        _ -> {
          asked.countDown();
          await();
        });
    try (var visitors = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StepOutcome> visit = visitors.submit(() -> run("/never", context));
      asked.await();
      List<ProcessHandle> processes = Browsing.processesOf(browsers);
      browsers.close();
      Browsing.awaitEnd(processes);
      assertThat(failed(visit.get())).isNotEmpty();
    }
  }

  @Test
  void endsTheBrowser_whenTheServerIsKilled() throws Exception {
    Process server = BrowserHost.start(root);
    try (BufferedReader told = server.inputReader()) {
      List<ProcessHandle> processes = BrowserHost.read(told.readLine());
      assertThat(processes).hasSizeGreaterThan(2).allMatch(ProcessHandle::isAlive);
      server.destroyForcibly();
      Browsing.awaitEnd(processes);
    } finally {
      server.destroyForcibly();
    }
  }

  private void await() {
    awaitUninterrupted(over);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private StepOutcome run(String path, FakeStepContext in) throws Exception {
    String fields =
        "{\"id\":\"s\",\"prompt\":\"p\",\"browser_url\":\"http://127.0.0.1:%d%s\",\"browser_wait_ms\":500}"
            .formatted(stub.port(), path);
    return new BrowserKind(browsers, models, new Workspace(root, root))
        .bind((ObjectNode) Json.read(fields))
        .run(in);
  }

  private static String failed(StepOutcome outcome) {
    assertThat(outcome).isInstanceOf(StepOutcome.Failed.class);
    assertThat(((StepOutcome.Failed) outcome).retryable()).isTrue();
    return ((StepOutcome.Failed) outcome).error();
  }
}
