package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.PreToolCall;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ParallelFetchTest {
  private StubServer server;
  private FakeStepContext context;

  @BeforeEach
  void start() throws Exception {
    server = new StubServer();
    context = FakeStepContext.with("port", Integer.toString(server.port()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void fetchesAllInTheirOrder() throws Exception {
    server.on("/a", 200, "first").on("/b", 404, "gone").on("/c", 200, "x".repeat(6_000));
    JsonNode answers =
        Json.read(
            run(
                "{\"urls\":[\"http://127.0.0.1:{port}/a\",\"http://127.0.0.1:{port}/b\",\"http://127.0.0.1:{port}/c\"],\"rate_limit_ms\":0}"));
    assertThat(answers.get(0).get("content").stringValue()).isEqualTo("first");
    assertThat(answers.get(0).get("truncated").booleanValue()).isFalse();
    assertThat(answers.get(1).get("error").stringValue()).contains("answered 404");
    assertThat(answers.get(2).get("content").stringValue()).hasSize(5_000);
    assertThat(answers.get(2).get("truncated").booleanValue()).isTrue();
  }

  @Test
  void takesAddressesFromText() throws Exception {
    server.on("/a", 200, "1").on("/b", 200, "2");
    String lines = "{\"urls\":\"http://127.0.0.1:{port}/a\\n\\nhttp://127.0.0.1:{port}/b\"}";
    assertThat(Json.read(run(lines)).size()).isEqualTo(2);
    String commas = "{\"urls\":\"http://127.0.0.1:{port}/a, http://127.0.0.1:{port}/b\"}";
    assertThat(Json.read(run(commas)).size()).isEqualTo(2);
    assertThatThrownBy(() -> run("{\"urls\":\" \"}")).hasMessageContaining("urls is empty");
    assertThatThrownBy(() -> run("{\"urls\":\"" + "http://a/,".repeat(51) + "\"}"))
        .hasMessageContaining("51");
  }

  @Test
  void keepsBetweenRequestsTheTimeThatIsAsked() throws Exception {
    server.on("/a", 200, "1");
    long began = System.nanoTime();
    String url = "http://127.0.0.1:{port}/a";
    run("{\"urls\":[\"%1$s\",\"%1$s\",\"%1$s\"],\"rate_limit_ms\":100}".formatted(url));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(200));
  }

  @Test
  void refusesInnerAddressesAndFailsWhenNoneAnswers() throws Exception {
    server.on("/a", 200, "secret");
    try (WebClient guarded = new WebClient(Hosts.system(), false)) {
      assertThatThrownBy(() -> run(guarded, "{\"urls\":[\"http://127.0.0.1:{port}/a\"]}"))
          .hasMessageContaining("none of 1 addresses")
          .hasMessageContaining("not a public address");
    }
    assertThat(server.seen).isEmpty();
  }

  private String run(String fields) throws Exception {
    try (WebClient open = new WebClient(Hosts.system(), true)) {
      return run(open, fields);
    }
  }

  private String run(WebClient client, String fields) throws Exception {
    return new ParallelFetch(client)
        .run(
            new PreToolCall(
                (ObjectNode) Json.read(fields), context.state(), context, Duration.ofSeconds(10)));
  }
}
