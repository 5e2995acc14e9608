package io.windlass.cli;

import static io.windlass.cli.StubServer.json;
import static io.windlass.cli.StubServer.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class GateTest {
  private static final String ASKED =
      """
      data: {"type":"step_started","stepId":"review","label":"review"}

      data: {"type":"step_waiting_approval","stepId":"review","prompt":"Publish it?\\nThink first."}

      """;
  private static final String ANSWERED =
      """
      data: {"type":"gate_action","stepId":"review","action":"approved","reason":"by phone"}

      data: {"type":"step_done","stepId":"review","durationMs":5}

      data: {"type":"execution_done","result":"published","durationMs":9}

      """;

  private final StubServer stub = new StubServer();
  private final CountDownLatch decided = new CountDownLatch(1);

  {
    stub.on("POST /execute/report", json(200, "{\"executionId\":\"ab12\"}"))
        .on(
            "GET /executions/ab12",
            json(200, "{\"id\":\"ab12\",\"status\":\"done\",\"result\":\"published\"}"))
        .on("GET /executions/ab12/stream", this::untilDecided)
        .on(
            "POST /executions/ab12/approve/review",
            exchange -> {
              json(200, "{\"ok\":true}").to(exchange);
              decided.countDown();
            });
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  private void untilDecided(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(ASKED.getBytes(StandardCharsets.UTF_8));
      out.flush();
      try {
        assertThat(decided.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      out.write(ANSWERED.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void asksThePersonAtTheTerminal() throws IOException {
    try (var keys = new PipedOutputStream()) {
      var keyboard = new PipedInputStream(keys);
      keys.write("what?\ny looks right\n".getBytes(StandardCharsets.UTF_8));

      var result = Shell.at(stub).atTerminal(keyboard).run("run", "report");

      assertThat(result.exit()).isZero();
      assertThat(result.out()).isEqualTo("published\n");
      assertThat(result.err()).contains("Publish it?", "Think first.");
      assertThat(result.err().split("Approve review\\?", -1)).hasSize(3);
      assertThat(stub.request("POST /executions/ab12/approve/review").json())
          .isEqualTo(Documents.read("{\"approved\":true,\"reason\":\"looks right\"}"));
    }
  }

  @Test
  void rejectsWithAReason() throws IOException {
    try (var keys = new PipedOutputStream()) {
      var keyboard = new PipedInputStream(keys);
      keys.write("n too early\n".getBytes(StandardCharsets.UTF_8));

      Shell.at(stub).atTerminal(keyboard).run("run", "report");

      assertThat(stub.request("POST /executions/ab12/approve/review").json())
          .isEqualTo(Documents.read("{\"approved\":false,\"reason\":\"too early\"}"));
    }
  }

  @Test
  void withdrawsAQuestionThatWasAnsweredElsewhere() throws IOException {
    try (var keys = new PipedOutputStream()) {
      var keyboard = new PipedInputStream(keys);
      decided.countDown();

      var result = Shell.at(stub).atTerminal(keyboard).run("run", "report");

      assertThat(result.exit()).isZero();
      assertThat(result.err()).contains("review was answered elsewhere");
      assertThat(stub.lines()).doesNotContain("POST /executions/ab12/approve/review");
    }
  }

  @Test
  void saysHowToAnswer_whenNobodySitsThere() {
    decided.countDown();

    var result = Shell.at(stub).run("run", "report");

    assertThat(result.exit()).isZero();
    assertThat(result.err())
        .contains("answer with: windlass approve ab12 review")
        .contains("gate   review: approved (by phone)");
  }

  /** The question of a budget, as the unified surface tells it. */
  private static final String BUDGET =
      """
      {"id": "0192f0c1-9", "public_id": "ab12", "step": "review", "path": "review", "status": "open",
       "kind": "budget", "options": ["raise by 60 tokens", "allow this execution", "reject"]}\
      """;

  private static final String CHOICES =
      "(one of \"raise by 60 tokens\", \"allow this execution\", \"reject\")";

  private void asksWithChoices() {
    stub.on(
            "GET /v1/approvals?status=open&limit=200&within=ab12",
            json(200, "{\"items\":[" + BUDGET + "],\"next_cursor\":null}"))
        .on("GET /v1/approvals/0192f0c1-9", json(200, BUDGET))
        .on(
            "POST /v1/approvals/0192f0c1-9/decide",
            exchange -> {
              json(200, "{}").to(exchange);
              decided.countDown();
            });
  }

  @Test
  void namesTheChoicesOfAQuestionThatHasSeveral() {
    asksWithChoices();
    decided.countDown();
    stub.on(
            "GET /v1/executions/ab12",
            json(200, "{\"public_id\":\"ab12\",\"status\":\"succeeded\"}"))
        .on(
            "GET /v1/executions/ab12/stream",
            StubServer.events(
                """
                data: {"type":"approval_asked","step":"early","approval":"0192f0c1-8","prompt":"Go?"}

                data: {"type":"approval_asked","step":"review","approval":"0192f0c1-9","prompt":"More?"}

                data: {"type":"execution_succeeded","result":"done"}

                """))
        .on("GET /v1/approvals/0192f0c1-8", json(200, "{\"status\":\"decided\"}"));

    var run = Shell.at(stub).run("run", "report");
    var logs = Shell.at(stub).run("logs", "ab12");
    var json = Shell.at(stub).run("logs", "ab12", "--json");

    assertThat(run.err())
        .contains("answer with: windlass approve ab12 review --choice CHOICE   " + CHOICES);
    assertThat(logs.out())
        .containsOnlyOnce("answer with:")
        .contains("answer with: windlass approve 0192f0c1-9 --choice CHOICE   " + CHOICES);
    assertThat(json.out()).doesNotContain("answer with");
  }

  @Test
  void letsThePersonAtTheTerminalChoose() throws IOException {
    asksWithChoices();
    try (var keys = new PipedOutputStream()) {
      var keyboard = new PipedInputStream(keys);
      keys.write("y\n2 this once\n".getBytes(StandardCharsets.UTF_8));

      var result = Shell.at(stub).atTerminal(keyboard).run("run", "report");

      assertThat(result.exit()).isZero();
      assertThat(result.err().split("Answer review\\?", -1)).hasSize(3);
      assertThat(result.err())
          .contains("[1] raise by 60 tokens, [2] allow this execution, [3] reject");
      assertThat(stub.request("POST /v1/approvals/0192f0c1-9/decide").json())
          .isEqualTo(
              Documents.read("{\"choice\":\"allow this execution\",\"reason\":\"this once\"}"));
    }
  }

  @Test
  void asksAtTheFirstInterruptAndCancelsAtTheSecond() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    stub.on(
        "DELETE /executions/ab12",
        exchange -> {
          json(200, "{\"ok\":true}").to(exchange);
          cancelled.countDown();
        });
    try (var keys = new PipedOutputStream()) {
      var keyboard = new PipedInputStream(keys);
      var said = new ByteArrayOutputStream();
      var err = new PrintStream(said, true, StandardCharsets.UTF_8);
      Terminal terminal = new Terminal(keyboard, err, err, Map.of(), true, false, false);
      Progress progress = new PlainProgress(err, false, false);
      var chains = new Http(URI.create(stub.url()), null, "--chains-url");
      var site = new RunSite.OfChain(chains, chains, "executions", "ab12");
      try (var interrupts =
          new Interrupts(site, progress, new Questions(terminal, progress), () -> {})) {
        interrupts.interrupt();
        assertThat(interrupts.wasCancelled()).isFalse();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("Cancel the run?");
        interrupts.interrupt();
        assertThat(interrupts.wasCancelled()).isTrue();
        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void listsAndAnswersTheInbox() {
    within("1a2b3c4d5e6f7890");
    within("ffff000011112222");
    stub.on("GET /v1/approvals?status=open&limit=200", sample("approvals.json"))
        .on("POST /v1/approvals/0192f0c1-0000-7000-8000-000000000001/decide", json(200, "{}"))
        .on("POST /v1/approvals/0192f0c1-0000-7000-8000-000000000002/decide", json(200, "{}"));

    var list = Shell.at(stub).run("approve");
    assertThat(list.out())
        .contains("1a2b3c4d5e6f7890  review", "repeat | done | fail", "Was it sent?");

    var yes = Shell.at(stub).run("approve", "1a2b3c4d5e6f7890", "--reason", "fine");
    assertThat(yes.out()).isEqualTo("approved 1a2b3c4d5e6f7890 review\n");
    assertThat(
            stub.request("POST /v1/approvals/0192f0c1-0000-7000-8000-000000000001/decide").json())
        .isEqualTo(Documents.read("{\"approved\":true,\"reason\":\"fine\"}"));

    var several = Shell.at(stub).run("reject", "ffff000011112222");
    assertThat(several.exit()).isEqualTo(2);
    assertThat(several.err()).contains("has several questions", "send (", "check (");

    var choice = Shell.at(stub).run("approve", "ffff000011112222", "send", "--choice", "done");
    assertThat(choice.exit()).isZero();
    assertThat(
            stub.request("POST /v1/approvals/0192f0c1-0000-7000-8000-000000000002/decide").json())
        .isEqualTo(Documents.read("{\"choice\":\"done\"}"));

    within("aaaa000011112222");
    var none = Shell.at(stub).run("approve", "aaaa000011112222", "x");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err())
        .contains("Nothing waits for an answer in execution aaaa000011112222, step x");

    stub.on(
        "GET /v1/approvals?status=open&limit=200&within=zork",
        json(404, "{\"detail\":\"No execution has the id 'zork'\"}"));
    var unknown = Shell.at(stub).run("approve", "zork");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("No execution has the id 'zork'");
  }

  /** The questions of the sample that this execution asks itself. */
  private void within(String execution) {
    ArrayNode own = Documents.array();
    for (JsonNode one : Documents.read(Samples.text("approvals.json")).path("items")) {
      if (execution.equals(Documents.text(one, "public_id"))) {
        own.add(((ObjectNode) one).put("path", Documents.text(one, "step")));
      }
    }
    ObjectNode page = Documents.object().putNull("next_cursor");
    page.set("items", own);
    stub.on(
        "GET /v1/approvals?status=open&limit=200&within=" + execution,
        json(200, Documents.write(page)));
  }

  @Test
  void tellsWhoWasFirst_whenAnAnswerComesTooLate() {
    within("1a2b3c4d5e6f7890");
    stub.on(
        "POST /v1/approvals/0192f0c1-0000-7000-8000-000000000001/decide",
        json(409, "{\"title\":\"Conflict\",\"detail\":\"Already decided: approve, by ann\"}"));

    var late = Shell.at(stub).run("reject", "1a2b3c4d5e6f7890");

    assertThat(late.exit()).isEqualTo(1);
    assertThat(late.err()).isEqualTo("windlass: Already decided: approve, by ann\n");
  }
}
