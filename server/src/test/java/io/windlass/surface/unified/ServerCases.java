package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.step.Usage;
import io.windlass.surface.unified.UnifiedServer.Answer;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the surface tells of the server itself. */
abstract class ServerCases extends UnifiedCase {
  @Test
  void tellsThatAllIsWell() {
    Answer answer = server.get("/health");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/status")).isEqualTo("up");
    assertThat(answer.at("/checks/0/detail")).isEqualTo("sqlite");
  }

  @Test
  void namesWhatIsNotWell_whenACheckFailsOrHangs() {
    CountDownLatch never = new CountDownLatch(1);
    HealthCheck broken =
        new HealthCheck(
            "chains",
            () -> {
              throw new IllegalStateException("nothing answers on port 4242");
            });
    HealthCheck hanging =
        new HealthCheck(
            "disk",
            () -> {
              never.await();
              return "";
            });
    server.close();
    server = new UnifiedServer(Artifacts.NONE, WELL, broken, hanging);

    Answer answer = server.get("/health");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.at("/checks/0/ok")).isEqualTo("true");
    assertThat(answer.at("/checks/1/detail")).isEqualTo("nothing answers on port 4242");
    assertThat(answer.at("/checks/2/detail")).contains("no answer within");
  }

  @Test
  void speaksMcp() {
    Answer tools = server.post("/mcp", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
    assertThat(tools.json().at("/result/tools").size()).isGreaterThan(28);
    Answer noted =
        server.post("/mcp", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    assertThat(noted.status()).isEqualTo(202);
    Answer refused =
        server.post(
            "/mcp",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
            "MCP-Protocol-Version",
            "1999-01-01");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/error/message")).contains("1999-01-01");
  }

  @Test
  void servesTheLandingPageAndTheViewerWithoutAnythingFromElsewhere() {
    String landing = server.get("/").response().body();
    assertThat(landing).contains("openapi/unified.yaml", "Again &lt;&amp;&gt;", "1.2.3");

    assertThat(server.get("/openapi").header("Location")).isEqualTo("openapi/");
    assertThat(server.raw(request("/openapi/")).body())
        .contains("assets/swagger-ui.css", "assets/start.js")
        .doesNotContain("http://", "https://");
    for (String file :
        List.of("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js")) {
      Answer asset = server.get("/openapi/assets/" + file);
      assertThat(asset.status()).as(file).isEqualTo(200);
      assertThat(asset.response().body().length()).as(file).isGreaterThan(10_000);
    }
    assertThat(server.get("/openapi/assets/start.js").response().body())
        .contains("\"unified.yaml\"", "\"again.yaml\"", "\"validatorUrl\":\"none\"");
    assertThat(server.get("/openapi/assets/pom.xml").status()).isEqualTo(404);
    assertThat(server.get("/openapi/unified.yaml").response().body()).startsWith("openapi: 3.1");
    Answer missing = server.get("/openapi/nothing.yaml");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.at("/detail")).contains("unified.yaml");
  }

  @Test
  void countsRequestsByRouteAndWhatTheEngineTells() {
    server.start();
    server.get("/v1/executions/nothing");
    server.meters.executionStarted("chain");
    server.meters.executionEnded("chain", io.windlass.execution.ExecutionStatus.FAILED, 20);
    server.meters.committed(7, 1_000_000);
    server.meters.gauge("windlass.approvals.waiting", "Open approvals", () -> 3);

    String figures = server.get("/metrics").response().body();

    assertThat(figures)
        .contains("windlass_executions_started_total{kind=\"chain\"} 1.0")
        .contains("windlass_executions_ended_seconds_count{kind=\"chain\",status=\"failed\"} 1")
        .contains("windlass_journal_commit_appends_sum 7.0")
        .contains("windlass_approvals_waiting 3.0")
        .contains("jvm_memory_used_bytes")
        .containsPattern(
            "windlass_http_requests_seconds_count\\{method=\"GET\",route=\"/v1/executions/\\{id}\","
                + "status=\"404\",surface=\"unified\"} 1");
  }

  @Test
  void countsTokensAndTheCostThatIsKnown() {
    server.meters.answered(
        "openai", "gpt-4o", new Usage("openai/gpt-4o", 1000, 20, new BigDecimal("0.0027")));
    server.meters.answered(
        "openai", "gpt-4o", new Usage("openai/gpt-4o", 10, 5, new BigDecimal("0.0003")));
    server.meters.answered("ollama", "qwen3", new Usage("ollama/qwen3", 7, 3, null));

    assertThat(server.get("/metrics").response().body())
        .contains(
            "windlass_model_tokens_total{direction=\"input\",model=\"gpt-4o\",provider=\"openai\"} 1010.0",
            "windlass_model_tokens_total{direction=\"output\",model=\"gpt-4o\",provider=\"openai\"} 25.0",
            "windlass_model_tokens_total{direction=\"input\",model=\"qwen3\",provider=\"ollama\"} 7.0",
            "windlass_model_cost_usd_total{model=\"gpt-4o\",provider=\"openai\"} 0.003",
            "windlass_model_answers_total{cost=\"known\",model=\"gpt-4o\",provider=\"openai\"} 2.0",
            "windlass_model_answers_total{cost=\"unknown\",model=\"qwen3\",provider=\"ollama\"} 1.0")
        .doesNotContain("windlass_model_cost_usd_total{model=\"qwen3\"");
  }

  @Test
  void answersUnknownIdsAndPathsAndMethodsWithProblems() {
    for (String path :
        List.of(
            "/v1/executions/nothing",
            "/v1/executions/nothing/events",
            "/v1/executions/nothing/stream",
            "/v1/executions/nothing/replay",
            "/v1/approvals/nothing",
            "/v1/approvals/0196f2a0-0000-7000-8000-000000000000",
            "/v1/definitions/wish",
            "/v1/definitions/chain/nothing",
            "/v1/definitions/chain/nothing/versions",
            "/v1/definitions/chain/toy/versions/9",
            "/v1/schedules/nothing")) {
      Answer answer = server.get(path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.at("/code")).as(path).endsWith("NOT_FOUND");
      assertThat(answer.at("/detail")).as(path).doesNotContain("null");
    }
    assertThat(server.get("/v1/mcp-servers").at("/items/1/error")).isEqualTo("line 2");
    var lost = server.raw(request("/v1/nothing"));
    assertThat(lost.statusCode()).isEqualTo(404);
    UnifiedServer.CONTRACT.holdSchema("Problem", Json.read(lost.body()));
    var wrong =
        server.raw(java.net.http.HttpRequest.newBuilder(request("/health").uri()).DELETE().build());
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(Json.read(wrong.body()).path("code").asString()).isEqualTo("METHOD_NOT_ALLOWED");
  }

  private java.net.http.HttpRequest request(String path) {
    return java.net.http.HttpRequest.newBuilder(java.net.URI.create(server.url(path))).build();
  }
}
