package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Answers to questions over Socket.IO: those that do not fit are told why, and leave it open. */
@Timeout(60)
final class PromptSocketTest {
  @TempDir Path folder;

  @Test
  void anAnswerThatIsNoOptionIsRefusedWithTheOptions_andTheQuestionStaysOpen() throws Exception {
    try (var server = new WorkflowServer(folder, TestStore.SQLITE);
        var client = new Client(server.url())) {
      server
          .engine
          .definitions()
          .save(
              "graph",
              "asks",
              """
              name: asks
              nodes:
              - {name: ask, type: human_node, question: "Which?", options: [left, right], output: way}
              edges: [{from: START, to: ask}, {from: ask, to: END}]
              output: way
              """);
      String id =
          server
              .posted("/graphs/asks/execute", "{\"input\": {}, \"async\": true}")
              .path("execution_id")
              .asString();
      client.send("42/executions,[\"join_execution\",{\"execution_id\":\"%s\"}]".formatted(id));
      String prompt = client.event("interactive_prompt").path("prompt_id").asString();
      for (String response :
          new String[] {"\"up\"", "7", "{\"choice\":\"up\"}", "[\"left\"]", "\"\"", "null"}) {
        client.send(answer(3, prompt, response));
        JsonNode error = client.event("error");
        assertThat(error.path("type").asString()).as(response).isEqualTo("ValidationError");
        assertThat(error.path("code").asString()).isEqualTo("ERR_VALIDATION_001");
        assertThat(error.path("message").asString()).contains("response", "left, right");
        assertThat(error.at("/details/field").asString()).isEqualTo("response");
        assertThat(error.at("/details/constraint").asString()).isEqualTo("enum: [left, right]");
        JsonNode told = Json.read(client.next(frame -> frame.startsWith("43/executions,3")));
        assertThat(told.at("/0/ok").asBoolean(true)).isFalse();
        assertThat(told.at("/0/error/code").asString()).isEqualTo("ERR_VALIDATION_001");
      }
      client.send("42/executions,[\"submit_response\",{\"prompt_id\":\"%s\"}]".formatted(prompt));
      assertThat(client.event("error").at("/details/field").asString()).isEqualTo("response");
      client.send(answer(4, "prompt_nobody", "\"left\""));
      assertThat(client.event("error").path("code").asString()).isEqualTo("ERR_NOT_FOUND_001");
      assertThat(server.get("/executions/" + id).path("status").asString()).isEqualTo("paused");
      client.send(answer(5, prompt, "\"Right\""));
      assertThat(client.event("execution_completed").path("status").asString())
          .isEqualTo("completed");
      assertThat(server.get("/executions/" + id + "/info").path("outputs").asString())
          .isEqualTo("right");
      client.send(answer(6, prompt, "\"left\""));
      assertThat(client.event("error").path("code").asString()).isEqualTo("ERR_CONFLICT_001");
    }
  }

  private static String answer(int number, String prompt, String response) {
    return "42/executions,%d[\"submit_response\",{\"prompt_id\":\"%s\",\"response\":%s}]"
        .formatted(number, prompt, response);
  }

  /** One socket, as frames. */
  private static final class Client implements AutoCloseable, WebSocket.Listener {
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final StringBuilder begun = new StringBuilder();
    private final WebSocket socket;

    Client(String url) throws Exception {
      String address = url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket";
      socket =
          http.newWebSocketBuilder()
              .buildAsync(URI.create(address), this)
              .get(10, TimeUnit.SECONDS);
      send("40/executions,");
      var _ = next(frame -> frame.startsWith("40/executions,"));
    }

    void send(String frame) throws Exception {
      socket.sendText(frame, true).get(10, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      begun.append(text);
      if (last) {
        frames.add(begun.toString());
        begun.setLength(0);
      }
      from.request(1);
      return null;
    }

    /** The JSON of the next frame of that form. */
    String next(Predicate<String> wanted) throws InterruptedException {
      for (String frame = frames.poll(20, TimeUnit.SECONDS);
          frame != null;
          frame = frames.poll(20, TimeUnit.SECONDS)) {
        if (wanted.test(frame)) {
          return frame.replaceFirst("^\\d+/executions,\\d*", "");
        }
      }
      throw new AssertionError("no such frame");
    }

    JsonNode event(String name) throws InterruptedException {
      return Json.read(next(frame -> frame.startsWith("42/executions,[\"" + name + "\""))).get(1);
    }

    @Override
    public void close() {
      socket.abort();
      http.shutdownNow();
    }
  }
}
