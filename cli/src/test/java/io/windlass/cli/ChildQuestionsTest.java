package io.windlass.cli;

import static io.windlass.cli.StubServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions that are asked by what a run started. */
@Timeout(60)
class ChildQuestionsTest {
  private static final String RUN = "run_1";
  private static final String ID = "0192f0c1-0000-7000-8000-000000000009";
  private static final String WITHIN = "GET /v1/approvals?status=open&limit=200&within=" + RUN;
  private static final String OF_CHILD =
      """
      {"id": "%s", "execution_id": "0192", "public_id": "kid_2", "definition_kind": "graph",
       "definition_name": "inner", "step": "review", "path": "draft/review", "prompt": "Print it?",
       "options": ["approve", "reject"], "requested_at": "2026-03-29T14:00:00Z"}\
      """;
  private static final String NONE = page();
  private final StubServer stub = new StubServer();
  private final Shell shell = Shell.at(stub);
  private final CountDownLatch decided = new CountDownLatch(1);

  /** What the command says before the run ends. */
  private String last = "";

  {
    stub.on(WITHIN, json(200, page(OF_CHILD.formatted(ID))))
        .on("GET /v1/approvals?status=open&limit=200", json(200, NONE))
        .on(
            "POST /v1/approvals/" + ID + "/decide",
            exchange -> {
              json(200, "{}").to(exchange);
              decided.countDown();
            })
        .on(
            "GET /v1/approvals/" + ID,
            json(200, "{\"decision\":{\"choice\":\"approve\",\"reason\":\"by phone\"}}"));
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  private static String page(String... items) {
    return "{\"items\":[" + String.join(",", items) + "],\"next_cursor\":null}";
  }

  @Test
  void areAnsweredByTheIdOfTheRun() {
    var whole = Shell.at(stub).run("approve", RUN);
    var step = Shell.at(stub).run("reject", RUN, "review");
    var way = Shell.at(stub).run("reject", RUN, "draft/review");
    var other = Shell.at(stub).run("reject", RUN, "draft/print");

    assertThat(whole.out()).isEqualTo("approved run_1 draft/review\n");
    assertThat(step.out() + way.out()).isEqualTo("rejected run_1 draft/review\n".repeat(2));
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("Nothing waits", "step draft/print");
  }

  @Test
  void areListed_whenThereAreSeveral() {
    String own = OF_CHILD.formatted("0192f0c1-7").replace("kid_2", RUN).replace("draft/", "");
    stub.on(WITHIN, json(200, page(OF_CHILD.formatted(ID), own)))
        .on("POST /v1/approvals/0192f0c1-7/decide", json(200, "{}"));

    var several = Shell.at(stub).run("approve", RUN);
    var full = Shell.at(stub).run("approve", RUN, "review");

    assertThat(several.exit()).isEqualTo(2);
    assertThat(several.err())
        .contains("draft/review of graph inner, kid_2 (" + ID + ")", "review (0192f0c1-7)");
    assertThat(full.out()).isEqualTo("approved run_1 review\n");
    assertThat(stub.lines()).contains("POST /v1/approvals/0192f0c1-7/decide");
  }

  @Test
  void areFoundByTheStepThatStartedWhatAsks() {
    String other = OF_CHILD.formatted("0192f0c1-8").replace("draft/review", "draft/cut/check");
    String apart = OF_CHILD.formatted("0192f0c1-6").replace("draft/review", "drafts/print");
    stub.on(WITHIN, json(200, page(OF_CHILD.formatted(ID), apart)));

    var started = Shell.at(stub).run("approve", RUN, "draft");
    var none = Shell.at(stub).run("approve", RUN, "print");
    stub.on(WITHIN, json(200, page(OF_CHILD.formatted(ID), other, apart)));
    var several = Shell.at(stub).run("reject", RUN, "draft");

    assertThat(started.out()).isEqualTo("approved run_1 draft/review\n");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err()).contains("Nothing waits", "there waits: draft/review of graph inner");
    assertThat(several.exit()).isEqualTo(2);
    assertThat(several.err())
        .contains("draft/review of graph inner, kid_2 (" + ID + ")", "draft/cut/check of")
        .doesNotContain("drafts/print");
  }

  @Test
  void areShownByStatusAndLogs() {
    stub.on(
            "GET /v1/executions/" + RUN,
            json(200, "{\"public_id\":\"run_1\",\"kind\":\"graph\",\"status\":\"waiting\"}"))
        .on(
            "GET /v1/executions/" + RUN + "/events?limit=1000",
            json(200, "{\"items\":[],\"next_cursor\":null}"));

    var status = Shell.at(stub).run("status", RUN);
    var logs = Shell.at(stub).run("logs", RUN, "--no-follow");

    String told = "asks   draft/review of graph inner, kid_2: Print it?\n";
    String how = "answer with: windlass approve " + ID + "   (or reject)\n";
    assertThat(status.out()).contains(told, how);
    assertThat(logs.out()).contains(told, how);
    assertThat(Shell.at(stub).run("status", RUN, "--json").out()).doesNotContain("asks");
  }

  @Test
  void areToldWhileTheRunIsFollowed() {
    stub.on("POST /v1/executions", json(201, "{\"id\":\"0191\",\"public_id\":\"run_1\"}"))
        .on(
            WITHIN,
            json(200, NONE),
            json(200, page(OF_CHILD.formatted(ID))),
            json(200, page(OF_CHILD.formatted(ID))),
            exchange -> {
              json(200, NONE).to(exchange);
              decided.countDown();
            })
        .on("GET /v1/executions/run_1/stream", this::untilDecided)
        .on(
            "GET /v1/executions/run_1",
            json(200, "{\"public_id\":\"run_1\",\"status\":\"succeeded\",\"result\":\"done\"}"));

    last = "by phone";
    var run = shell.run("run", "--kind", "graph", "outer");

    assertThat(run.out()).isEqualTo("done\n");
    assertThat(run.err())
        .contains("asks   draft/review of graph inner, kid_2:\n       Print it?\n")
        .containsOnlyOnce("answer with: windlass approve " + ID + "   (or reject)")
        .contains("gate   draft/review: approve (by phone)");
  }

  @Test
  void areAskedAtTheTerminal() throws IOException {
    stub.on("POST /execute/outer", json(200, "{\"executionId\":\"run_1\"}"))
        .on("GET /executions/run_1/stream", this::untilDecided)
        .on(
            "GET /executions/run_1",
            json(200, "{\"id\":\"run_1\",\"status\":\"done\",\"result\":\"done\"}"));

    try (var keys = new PipedOutputStream()) {
      var keyboard = new PipedInputStream(keys);
      keys.write("y fine\n".getBytes(StandardCharsets.UTF_8));
      keys.flush();
      var run = shell.atTerminal(keyboard).run("run", "outer");

      assertThat(run.err()).contains("Approve draft/review?");
      assertThat(stub.request("POST /v1/approvals/" + ID + "/decide").json())
          .isEqualTo(Documents.read("{\"approved\":true,\"reason\":\"fine\"}"));
    }
  }

  private void untilDecided(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.flush();
      try {
        assertThat(decided.await(20, TimeUnit.SECONDS)).isTrue();
        while (!shell.errSoFar().contains(last)) {
          TimeUnit.MILLISECONDS.sleep(10);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      out.write(
          "data: {\"type\":\"execution_succeeded\",\"result\":\"done\"}\n\n"
              .getBytes(StandardCharsets.UTF_8));
    }
  }
}
