package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class WebhookTest {
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private StubServer server;
  private WebClient client;
  private WebhookKind kind;
  private FakeStepContext context;

  @BeforeEach
  void start() throws Exception {
    server = new StubServer();
    client = new WebClient(Hosts.system(), false);
    kind = new WebhookKind(client, pauses::add);
    String host = "127.0.0.1:" + server.port();
    context =
        new FakeStepContext(
            State.EMPTY
                .with(
                    Map.of(
                        "__internal", Json.text("hidden"),
                        "input.__internal", Json.text("hidden")))
                .with(
                    Map.of(
                        "input.topic", Json.text("engines"),
                        "topic", Json.text("engines"),
                        "windlass.model", Json.text("offline"),
                        "quoted", Json.text("a \"b\"\nc"),
                        "input.hook", Json.text("http://" + host + "/hook"),
                        "hook", Json.text("http://" + host + "/hook"),
                        "written", Json.text(host),
                        "data", Json.text("{\"n\":1}"))));
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  @Test
  void sendsTheStandardBodyAndGivesTheAnswer() throws Exception {
    server.on("/hook", 200, "{\"ok\":true}");
    assertThat(output(run("{\"webhook_url\":\"{base}/hook\"}"))).isEqualTo("{\"ok\":true}");
    StubServer.Seen seen = server.seen.getFirst();
    assertThat(seen.method()).isEqualTo("POST");
    assertThat(seen.header("Content-Type")).isEqualTo("application/json");
    assertThat(seen.header("Idempotency-Key")).isEqualTo("1a2b3c4d5e6f7890:test-step:webhook");
    JsonNode body = Json.read(seen.body());
    assertThat(body.path("executionId").stringValue()).isEqualTo("1a2b3c4d5e6f7890");
    assertThat(body.path("stepId").stringValue()).isEqualTo("test-step");
    assertThat(body.path("chainName").stringValue()).isEqualTo("test-chain");
    assertThat(body.path("vars").path("input.topic").stringValue()).isEqualTo("engines");
    assertThat(body.path("vars").propertyNames())
        .doesNotContain("__internal", "input.__internal", "windlass.model");
  }

  @Test
  void takesTheShortNameOfTheUrl() throws Exception {
    server.on("/hook", 200, "fine");
    assertThat(output(run("{\"url\":\"{base}/hook\"}"))).isEqualTo("fine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "GET", "DELETE"})
  void speaksEveryMethod(String method) throws Exception {
    server.on("/hook", 204, "");
    assertThat(
            output(run("{\"webhook_url\":\"{base}/hook\",\"webhook_method\":\"" + method + "\"}")))
        .isEmpty();
    assertThat(server.seen.getFirst().method()).isEqualTo(method);
    assertThat(server.seen.getFirst().body().isEmpty())
        .isEqualTo(method.equals("GET") || method.equals("DELETE"));
  }

  @Test
  void rendersUrlHeadersAndBody() throws Exception {
    server.on("/engines", 200, "ok");
    run(
        """
        {"webhook_url":"{base}/{topic}","webhook_headers":{"X-Topic":"on {topic}"},
         "webhook_body":"{\\"text\\":\\"{quoted}\\",\\"data\\":\\"{topic}\\"}"}\
        """);
    StubServer.Seen seen = server.seen.getFirst();
    assertThat(seen.header("X-Topic")).isEqualTo("on engines");
    assertThat(Json.read(seen.body()).path("text").stringValue()).isEqualTo("a \"b\"\nc");
  }

  @Test
  void putsJsonValuesInWhereNoStringIs() throws Exception {
    server.on("/hook", 200, "ok");
    run("{\"webhook_url\":\"{base}/hook\",\"webhook_body\":\"{\\\"data\\\":{data}}\"}");
    assertThat(server.seen.getFirst().body()).isEqualTo("{\"data\":{\"n\":1}}");
    runAnew(
        """
        {"webhook_url":"{base}/hook","webhook_body":"say \\"{quoted}\\"",
         "webhook_headers":{"content-type":"text/plain"}}\
        """);
    assertThat(server.seen.getLast().body()).isEqualTo("say \"a \"b\"\nc\"");
  }

  @Test
  void retriesWithGrowingWaitsUnderTheSameKey() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    server.on(
        "/hook",
        exchange -> {
          boolean fine = calls.incrementAndGet() == 3;
          byte[] body = (fine ? "fine" : "busy").getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(fine ? 200 : 503, body.length);
          exchange.getResponseBody().write(body);
        });
    assertThat(output(run("{\"webhook_url\":\"{base}/hook\",\"webhook_retry\":2}")))
        .isEqualTo("fine");
    assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(server.seen).extracting(seen -> seen.header("Idempotency-Key")).hasSize(3);
    assertThat(server.seen.stream().map(seen -> seen.header("Idempotency-Key")).distinct())
        .hasSize(1);
  }

  @Test
  void failsNamingTheAttemptsAndTheAnswer() throws Exception {
    server.on("/hook", 500, "it broke");
    assertThat(failure(run("{\"webhook_url\":\"{base}/hook\",\"webhook_retry\":1}")))
        .startsWith("Webhook failed after 2 attempt(s): POST http://127.0.0.1:")
        .endsWith("/hook answered 500 Internal Server Error: it broke");
    assertThat(context.journal()).isEmpty();
  }

  @Test
  void failsOnAConnectionThatIsRefused() throws Exception {
    int port = server.port();
    server.close();
    assertThat(failure(run("{\"webhook_url\":\"http://127.0.0.1:" + port + "/x\"}")))
        .startsWith(
            "Webhook failed after 1 attempt(s): POST http://127.0.0.1:" + port + "/x failed");
  }

  @Test
  void failsOnASilentServer() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    server.on(
        "/hook",
        exchange -> {
          try {
            never.await(5, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(failure(run("{\"webhook_url\":\"{base}/hook\",\"webhook_timeout_ms\":200}")))
        .startsWith("Webhook failed after 1 attempt(s): ");
    never.countDown();
  }

  @Test
  void countsTheListedStatusesAsSuccessBesidesEvery2xx() throws Exception {
    server.on("/hook", 404, "none yet");
    assertThat(
            output(run("{\"webhook_url\":\"{base}/hook\",\"webhook_success_status\":[200,404]}")))
        .isEqualTo("none yet");
    assertThat(
            failure(runAnew("{\"webhook_url\":\"{base}/hook\",\"webhook_success_status\":[201]}")))
        .contains("404");
    server.on("/hook", 201, "made");
    assertThat(
            output(runAnew("{\"webhook_url\":\"{base}/hook\",\"webhook_success_status\":[200]}")))
        .isEqualTo("made");
  }

  @Test
  void isSentOnce_whenTheStepIsReplayed() throws Exception {
    server.on("/hook", 200, "first");
    run("{\"webhook_url\":\"{base}/hook\"}");
    server.on("/hook", 200, "second");
    assertThat(output(run("{\"webhook_url\":\"{base}/hook\"}"))).isEqualTo("first");
    assertThat(server.seen).hasSize(1);
  }

  @Test
  void letsAnInputNameAnInnerHostButNotWhatAStepHasWritten() throws Exception {
    server.on("/hook", 200, "fine");
    assertThat(output(run("{\"webhook_url\":\"{hook}\"}"))).isEqualTo("fine");
    assertThat(output(runAnew("{\"webhook_url\":\"{input.hook}?x={topic}\"}"))).isEqualTo("fine");
    int before = server.seen.size();
    for (String url :
        List.of("http://{written}/hook", "{written|x}", "http://127.0.0.1:1{written}/")) {
      assertThat(failure(runAnew("{\"webhook_url\":\"" + url + "\"}"))).isNotEmpty();
    }
    assertThat(failure(runAnew("{\"webhook_url\":\"http://{written}/hook\"}")))
        .contains("not a public address");
    assertThat(server.seen).hasSize(before);
  }

  @Test
  void refusesARedirectFromTheNamedHostToAnotherInnerOne() throws Exception {
    server.on("/hook", 307, "", "Location", "http://localhost:" + server.port() + "/other");
    server.on("/other", 200, "inside");
    assertThat(failure(run("{\"webhook_url\":\"{base}/hook\"}"))).contains("not a public address");
  }

  @Test
  void namesFieldsThatAreUnusable() {
    assertThat(kind.faults(Json.object()))
        .containsExactly("webhook_url: a webhook step needs the address to call");
    ObjectNode fields =
        (ObjectNode)
            Json.read(
                """
                {"webhook_url":"http://x/","webhook_method":"BREW","webhook_retry":"often",
                 "webhook_headers":"none","webhook_success_status":["fine"]}\
                """);
    assertThat(kind.faults(fields)).hasSize(4);
    assertThatThrownBy(() -> kind.bind(fields))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("BREW");
  }

  private StepOutcome run(String fields) throws Exception {
    String text = fields.replace("{base}", "http://127.0.0.1:" + server.port());
    return kind.bind((ObjectNode) Json.read(text)).run(context);
  }

  /** Runs without a journal of earlier runs. */
  private StepOutcome runAnew(String fields) throws Exception {
    context = new FakeStepContext(context.state());
    return run(fields);
  }

  private static String output(StepOutcome outcome) {
    assertThat(outcome).isInstanceOf(StepOutcome.Done.class);
    return ((StepOutcome.Done) outcome).output().stringValue();
  }

  private static String failure(StepOutcome outcome) {
    assertThat(outcome).isInstanceOf(StepOutcome.Failed.class);
    return ((StepOutcome.Failed) outcome).error();
  }
}
