package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.windlass.kernel.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Over real HTTP, with a server on loopback that speaks the OpenAI embeddings format. */
final class EmbeddingsTest {
  private final List<JsonNode> asked = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private HttpServer server;
  private int status = 200;
  private String answer =
      """
      {"object":"list","model":"m","usage":{"prompt_tokens":2,"total_tokens":2},"data":[
        {"object":"embedding","index":0,"embedding":[0.5,0.25]},
        {"object":"embedding","index":1,"embedding":[1,-2]}]}
      """;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/embeddings",
        exchange -> {
          asked.add(
              Json.read(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void givesAVectorForEachText() throws Exception {
    Embeddings embeddings = embeddings("text-embedding-3-small", Map.of());
    assertThat(embeddings.name()).isEqualTo("openai/text-embedding-3-small");
    List<float[]> vectors = embeddings.of(List.of("one", "two"));
    assertThat(vectors.get(0)).containsExactly(0.5f, 0.25f);
    assertThat(vectors.get(1)).containsExactly(1, -2);
    assertThat(asked.getFirst().get("model").stringValue()).isEqualTo("text-embedding-3-small");
    assertThat(asked.getFirst().get("input").toString()).isEqualTo("[\"one\",\"two\"]");
    assertThat(keys.getFirst()).isEqualTo("Bearer sk-secret");
  }

  @Test
  void namesWhatFailedWithoutTheKey() {
    status = 500;
    answer = "{\"error\":{\"message\":\"no sk-secret today\"}}";
    assertThatThrownBy(() -> embeddings("openai/m", Map.of()).of(List.of("one")))
        .hasMessageContaining("The embedding model openai/m at http://127.0.0.1")
        .hasMessageContaining("today")
        .hasMessageNotContaining("sk-secret");
  }

  @Test
  void refusesAnAnswerThatDoesNotFit() {
    assertThatThrownBy(() -> embeddings("m", Map.of()).of(List.of("one", "two", "three")))
        .hasMessageContaining("answered 2 vectors for 3 texts");
  }

  @Test
  void tellsWhatIsMissing() {
    assertThatThrownBy(() -> Embeddings.of(ModelConfig.NONE, "m"))
        .hasMessageContaining("\"m\" is not configured: set OPENAI_API_KEY");
    assertThatThrownBy(() ->
            Embeddings.of(
                ModelConfig.read(Map.of("OPENAI_BASE_URL", "http://127.0.0.1:1/v1"), Map.of()),
                "m"))
        .hasMessageContaining("set OPENAI_API_KEY (any value");
  }

  private Embeddings embeddings(String name, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("OPENAI_API_KEY", "sk-secret");
    environment.put("OPENAI_BASE_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    return Embeddings.of(ModelConfig.read(environment, Map.of()), name);
  }
}
