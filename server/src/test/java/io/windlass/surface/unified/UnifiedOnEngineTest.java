package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.chain.ChainKind;
import io.windlass.chain.GateKind;
import io.windlass.chain.TransformKind;
import io.windlass.engine.Engine;
import io.windlass.engine.EngineConfig;
import io.windlass.engine.EngineObservers;
import io.windlass.http.Address;
import io.windlass.http.HttpConfig;
import io.windlass.http.Listener;
import io.windlass.http.Mount;
import io.windlass.http.OpenApiContract;
import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The unified surface over the real engine, with real chains, on either database. */
@ParameterizedClass
@EnumSource
final class UnifiedOnEngineTest {
  private static final OpenApiContract CONTRACT =
      OpenApiContract.loadStrict(UnifiedConfig.DOCUMENT, "");
  private static final String GREET =
      """
      name: Greet
      inputs: [{name: who}]
      steps:
        - {id: greet, type: transform, operation: template, template_str: "Hello {who}", prompt: x, output_var: text}
      output: text
      """;
  private static final String GATED =
      """
      name: Gated
      steps:
        - {id: ask, type: gate, prompt: "Send it?", output_var: answer}
        - {id: end, type: transform, operation: template, template_str: "Sent", prompt: x, output_var: text, depends_on: [ask]}
      output: text
      """;
  private final TestStore store;
  @TempDir private Path home;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Meters meters = new Meters();
  private Engine engine;
  private Listener listener;

  UnifiedOnEngineTest(TestStore store) {
    this.store = store;
  }

  @BeforeEach
  void start() {
    engine =
        Engine.open(
            new EngineConfig(home, store.newUrl(), Duration.ofSeconds(5), null),
            List.of(
                new ChainKind(
                    Map.of("transform", new TransformKind(), "gate", new GateKind()), Map.of())),
            new EngineObservers(meters::committed, meters::moved));
    engine.definitions().save("chain", "greet", GREET);
    engine.definitions().save("chain", "gated", GATED);
    var ports =
        new EnginePorts(
            engine.executions(), engine.approvals(), engine.definitions(), engine.schedules());
    var config =
        new UnifiedConfig(
            "1.0",
            Map.of("chain", KindRules.PLAIN),
            List.of(),
            List.of(new HealthCheck("database", this::lookAtDatabase)),
            Artifacts.NONE,
            () -> new McpServersJson(List.of(), "mcp_settings.json", null),
            Duration.ofSeconds(1));
    listener =
        Listener.open(
            new Address("127.0.0.1", "WINDLASS_HOST", 0, "WINDLASS_PORT"),
            List.of(
                Mount.root(
                    new UnifiedSurface(
                        ports,
                        config,
                        NoRuns.budgets(engine::database),
                        meters
                            .watch(engine, Set.of("chain"))
                            .pool(
                                () -> engine.database().poolFigures().max(),
                                () -> engine.database().poolFigures().open(),
                                () -> engine.database().poolFigures().active()),
                        InstantSource.system()))),
            HttpConfig.OPEN,
            meters);
    engine.start();
  }

  private String lookAtDatabase() {
    engine.checkWritable();
    return engine.database().dialect().name();
  }

  @AfterEach
  void stop() {
    listener.close();
    engine.close();
    meters.close();
  }

  @Test
  void runsAChainAndShowsItsStepsItsStreamAndItsArchive() throws Exception {
    JsonNode run = ok(start("greet", "{\"who\":\"Ada\"}", "?wait=30"), 201);
    String path = "/v1/executions/" + run.path("public_id").asString();

    assertThat(run.path("status").asString()).isEqualTo("succeeded");
    assertThat(run.path("result").asString()).isEqualTo("Hello Ada");
    JsonNode detail = ok(get(path), 200);
    assertThat(detail.path("steps").path(0).path("status").asString()).isEqualTo("done");
    assertThat(detail.path("version").intValue()).isEqualTo(1);
    JsonNode events = ok(get(path + "/events"), 200).path("items");
    assertThat(events).hasSize(detail.path("last_event").intValue());
    List<String> ids =
        get(path + "/stream").body().lines().filter(line -> line.startsWith("id: ")).toList();
    assertThat(ids).hasSize(events.size());
    assertThat(get(path + "/stream", "Last-Event-ID", "1").body()).doesNotContain("id: 1\n");
    assertThat(get(path + "/stream", "Last-Event-ID", "" + events.size()).statusCode())
        .isEqualTo(204);
    assertThat(names(path + "/replay"))
        .containsExactly("run.json", "events.jsonl", "definition.yaml");
    JsonNode again = ok(post(path + "/rerun", "{}"), 201);
    assertThat(again.path("rerun_of").asString()).isEqualTo(run.path("id").asString());
  }

  @Test
  void goesOnWithTheFirstDecisionOfMany() throws Exception {
    JsonNode run = ok(start("gated", "{}", ""), 201);
    String path = "/v1/executions/" + run.path("id").asString();
    String stream = get(path + "/stream?follow=true", Duration.ofSeconds(30), "approval_asked");
    assertThat(stream).contains("Send it?");
    JsonNode asked = ok(get("/v1/approvals?kind=chain"), 200).path("items").path(0);
    assertThat(asked.path("execution_id")).isEqualTo(run.path("id"));
    assertThat(get("/metrics").body()).contains("windlass_approvals_waiting 1.0");

    String decide = "/v1/approvals/" + asked.path("id").asString() + "/decide";
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> approve = () -> post(decide, "{\"approved\":true}").statusCode();
      for (Future<Integer> one : many.invokeAll(List.of(approve, approve, approve, approve))) {
        statuses.add(one.get());
      }
    }
    JsonNode late = ok(post(decide, "{\"approved\":false}"), 409);

    assertThat(statuses).containsExactlyInAnyOrder(200, 409, 409, 409);
    assertThat(late.path("decision").path("by").asString()).isEqualTo("local");
    get(path + "/stream", Duration.ofSeconds(30), "execution_succeeded");
    assertThat(ok(get(path), 200).path("result").asString()).isEqualTo("Sent");
    assertThat(get("/metrics").body())
        .contains("windlass_approvals_waiting 0.0")
        .containsPattern("windlass_db_pool_open [1-9]")
        .contains("windlass_executions_started_total{kind=\"chain\"} 1.0")
        .contains("windlass_executions_ended_seconds_count{kind=\"chain\",status=\"succeeded\"} 1")
        .containsPattern("windlass_journal_commit_seconds_count [1-9]");
  }

  @Test
  void cancelsAWaitingRunOnce_whenTwoAskAtOnce() throws Exception {
    String id = ok(start("gated", "{}", ""), 201).path("id").asString();
    get("/v1/executions/" + id + "/stream", Duration.ofSeconds(30), "approval_asked");
    String cancel = "/v1/executions/" + id + "/cancel";
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService two = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> ask = () -> post(cancel, "").statusCode();
      for (Future<Integer> one : two.invokeAll(List.of(ask, ask))) {
        statuses.add(one.get());
      }
    }

    // Both may have asked before it was cancelled; then both are told that it is.
    assertThat(statuses).contains(200).allMatch(status -> status == 200 || status == 409);
    JsonNode shown = ok(get("/v1/executions/" + id), 200);
    assertThat(shown.path("status").asString()).isEqualTo("cancelled");
    assertThat(shown.path("steps").findValuesAsString("status"))
        .as("what had begun, and what had not")
        .containsExactly("cancelled", "skipped");
    assertThat(ok(post(cancel, ""), 409).path("detail").asString())
        .endsWith("has ended already: it was cancelled.");
    assertThat(ok(get("/v1/approvals"), 200).path("items")).isEmpty();
  }

  @Test
  void countsHowRunsWent_andWhatGoesOn() throws Exception {
    for (int i = 0; i < 3; i++) {
      ok(start("greet", "{\"who\":\"Ada\"}", "?wait=30"), 201);
    }
    String id = ok(start("gated", "{}", ""), 201).path("id").asString();
    get("/v1/executions/" + id + "/stream", Duration.ofSeconds(30), "execution_waiting");

    JsonNode queue = ok(get("/v1/queue"), 200);
    assertThat(queue.path("waiting").intValue()).isEqualTo(1);
    assertThat(queue.path("running").intValue()).isZero();
    assertThat(queue.path("pending_approvals").intValue()).isEqualTo(1);
    assertThat(queue.at("/newest/0/id").asString()).isEqualTo(id);
    ok(post("/v1/executions/" + id + "/cancel", ""), 200);

    JsonNode all = ok(get("/v1/stats?kind=chain"), 200);
    assertThat(all.path("runs").intValue()).isEqualTo(4);
    assertThat(all.path("succeeded").intValue()).isEqualTo(3);
    assertThat(all.path("cancelled").intValue()).isEqualTo(1);
    assertThat(all.path("success_rate").doubleValue()).isEqualTo(0.75);
    JsonNode greet = ok(get("/v1/stats?name=greet"), 200);
    assertThat(greet.path("success_rate").doubleValue()).isEqualTo(1);
    assertThat(greet.at("/duration_ms/median").longValue())
        .isBetween(0L, greet.at("/duration_ms/longest").longValue());
    assertThat(ok(get("/v1/stats?name=none"), 200).path("runs").intValue()).isZero();
    assertThat(ok(get("/v1/stats?kind=zork"), 400).path("detail").asString()).contains("zork");
    assertThat(ok(get("/v1/queue"), 200).path("newest")).isEmpty();
  }

  @Test
  void startsOnce_underOneIdempotencyKey() throws Exception {
    String body = "{\"kind\":\"chain\",\"name\":\"greet\",\"input\":{\"who\":\"A\"}}";
    JsonNode first = ok(post("/v1/executions?wait=30", body, "Idempotency-Key", "k"), 201);
    JsonNode second = ok(post("/v1/executions", body, "Idempotency-Key", "k"), 200);
    JsonNode other =
        ok(post("/v1/executions", body.replace("\"A\"", "\"B\""), "Idempotency-Key", "k"), 409);

    assertThat(second.path("id")).isEqualTo(first.path("id"));
    assertThat(other.path("code").asString()).isEqualTo("IDEMPOTENCY_MISMATCH");
    assertThat(ok(get("/v1/executions"), 200).path("items")).hasSize(1);
  }

  @Test
  void saysWhatIsMissingOrBroken() throws Exception {
    assertThat(ok(start("greet", "{}", ""), 400).path("detail").asString()).contains("who");
    assertThat(ok(start("nothing", "{}", ""), 404).path("code").asString())
        .isEqualTo("DEFINITION_NOT_FOUND");
    JsonNode bad =
        ok(send("PUT", "/v1/definitions/chain/bad", "{\"source\":\"name: x\\nsteps: []\"}"), 400);
    assertThat(bad.path("errors")).isNotEmpty();
    assertThat(ok(get("/v1/executions?cursor=nonsense"), 400).path("detail").asString())
        .contains("nonsense");
  }

  @Test
  void keepsASchedule() throws Exception {
    JsonNode made =
        ok(
            post(
                "/v1/schedules",
                """
                {"kind":"chain","name":"greet","input":{"who":"B"},"cron":"0 8 * * *","time_zone":"Asia/Tokyo"}
                """),
            201);
    String path = "/v1/schedules/" + made.path("id").asString();
    assertThat(made.path("next_run_at").asString()).endsWith("T23:00:00Z");
    assertThat(ok(post(path + "/run", ""), 201).path("origin").asString()).isEqualTo("schedule");
    assertThat(ok(post(path + "/toggle", ""), 200).path("next_run_at").isNull()).isTrue();
    assertThat(ok(send("PATCH", path, "{\"cron\":\"99 * * * *\"}"), 400).path("code").asString())
        .isEqualTo("INVALID_SCHEDULE");
    assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);
  }

  @Test
  void isNotWell_whenTheDatabaseCannotBeWritten() throws Exception {
    assertThat(ok(get("/health"), 200).path("checks").path(0).path("name").asString())
        .isEqualTo("database");

    engine.close();

    JsonNode report = ok(get("/health"), 503);
    assertThat(report.path("checks").path(0).path("ok").booleanValue()).isFalse();
  }

  private HttpResponse<String> start(String name, String input, String query) throws Exception {
    return post(
        "/v1/executions" + query,
        "{\"kind\":\"chain\",\"name\":\"" + name + "\",\"input\":" + input + "}");
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return CONTRACT.hold(client.send(request(path, headers).build(), BodyHandlers.ofString()));
  }

  /** Reads a stream until a line holds the text. */
  private String get(String path, Duration atMost, String until) throws Exception {
    StringBuilder seen = new StringBuilder();
    try (var lines =
        client.send(request(path).timeout(atMost).build(), BodyHandlers.ofLines()).body()) {
      var each = lines.iterator();
      while (seen.indexOf(until) < 0 && each.hasNext()) {
        seen.append(each.next()).append('\n');
      }
    }
    assertThat(seen).contains(until);
    return seen.toString();
  }

  private HttpResponse<String> post(String path, String json, String... headers) throws Exception {
    return send("POST", path, json, headers);
  }

  private HttpResponse<String> send(String method, String path, String json, String... headers)
      throws Exception {
    return CONTRACT.hold(
        client.send(
            request(path, headers)
                .method(method, BodyPublishers.ofString(json))
                .header("Content-Type", "application/json")
                .build(),
            BodyHandlers.ofString()));
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(listener.baseUrl() + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  private static JsonNode ok(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return Json.read(response.body());
  }

  private List<String> names(String path) throws IOException, InterruptedException {
    byte[] zip = client.send(request(path).build(), BodyHandlers.ofByteArray()).body();
    List<String> names = new ArrayList<>();
    try (ZipInputStream entries =
        new ZipInputStream(new ByteArrayInputStream(zip), StandardCharsets.UTF_8)) {
      ZipEntry entry;
      while ((entry = entries.getNextEntry()) != null) {
        names.add(entry.getName());
      }
    }
    return names;
  }
}
