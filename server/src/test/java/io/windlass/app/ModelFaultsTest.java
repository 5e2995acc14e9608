package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.model.OpenAiStub;
import io.windlass.model.StubReply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a run tells of models that misbehave, and the figures of those that answer; over HTTP. */
final class ModelFaultsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String CHAIN =
      """
      name: Faults
      steps: [{id: ask, prompt: Say hello, output_var: out, %s}]
      output: out
      """;

  @TempDir Path folder;

  @Test
  void failsWithTheReasonInItsEvents_whenTheModelStaysBusy() throws Exception {
    StubReply busy = StubReply.refusal(429, "Slow down").header("Retry-After", "60000");
    try (OpenAiStub stub = OpenAiStub.replying(busy);
        Server server = open(stub)) {
      String events = events(server, "model: gpt-4o");

      assertThat(events)
          .contains("execution_failed", "HTTP 429", "Slow down", "openai/gpt-4o")
          .doesNotContain("execution_succeeded");
      assertThat(figures(server)).doesNotContain("windlass_model_tokens_total");
    }
  }

  @Test
  void goesOnToTheFallback_andTellsWhy_andCountsWhoAnswered() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(request ->
                request.model().equals("m-b")
                    ? StubReply.text("Hello").tokens(40, 2)
                    : StubReply.text("Hel").ending(StubReply.Ending.DROP));
        Server server = open(stub)) {
      String events = events(server, "fallback_models: [openai/m-a, openai/m-b]");

      assertThat(events).contains("execution_succeeded", "broke before", "trying model");
      assertThat(figures(server))
          .contains(
              "windlass_model_tokens_total{direction=\"input\",model=\"m-b\",provider=\"openai\"} 40.0",
              "windlass_model_answers_total{cost=\"unknown\",model=\"m-b\",provider=\"openai\"} 1.0")
          .doesNotContain("model=\"m-a\"", "windlass_model_cost_usd_total");
    }
  }

  private Server open(OpenAiStub stub) {
    Map<String, String> environment =
        Map.of(
            "WINDLASS_HOME", folder.resolve("home").toString(),
            "WINDLASS_PORT", "0",
            "WINDLASS_CHAINS_PORT", "0",
            "OPENAI_API_KEY", "k",
            "OPENAI_BASE_URL", stub.baseUrl().toString());
    return Server.open(Config.read(environment, folder), environment);
  }

  /** Runs the chain with these fields to its end; everything that its stream told. */
  private static String events(Server server, String fields) throws Exception {
    String chains = Objects.requireNonNull(server.chainsUrl());
    send(chains + "/chains/faults", "text/yaml", CHAIN.formatted(fields));
    JsonNode started =
        Json.read(send(chains + "/execute/faults", "application/json", "{\"input\": {}}"));
    String id = started.path("executionId").asString();
    return get(server.mainUrl() + "/v1/executions/" + id + "/stream");
  }

  private static String figures(Server server) throws Exception {
    return get(server.mainUrl() + "/metrics");
  }

  private static String get(String url) throws Exception {
    return sent(HttpRequest.newBuilder(URI.create(url)).build());
  }

  private static String send(String url, String type, String body) throws Exception {
    return sent(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private static String sent(HttpRequest request) throws Exception {
    HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(request.uri() + ": " + answer.body()).isEqualTo(200);
    return answer.body();
  }
}
