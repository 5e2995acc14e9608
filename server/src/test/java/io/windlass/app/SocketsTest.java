package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The npm client of Socket.IO on a real server process: each transport, many at once, a death. */
final class SocketsTest {
  private static final String GATED =
      """
      name: Gated
      steps:
        - {id: first, type: transform, operation: template, template_str: one, prompt: x, output_var: a}
        - {id: write, prompt: say Hello, output_var: b, depends_on: [first]}
        - {id: ask, type: gate, prompt: "Go on?", output_var: answer, depends_on: [write]}
        - {id: last, type: transform, operation: template, template_str: "{a}", prompt: x, output_var: c, depends_on: [ask]}
      output: c
      """;
  private static final List<String> WHOLE =
      List.of(
          "connected",
          "execution_started",
          "step_started 1",
          "step_completed 1",
          "execution_progress",
          "step_started 2",
          "llm_call_started",
          "llm_call_completed",
          "step_completed 2",
          "execution_progress",
          "step_started 3",
          "step_completed 3",
          "execution_progress",
          "step_started 4",
          "step_completed 4",
          "execution_progress",
          "execution_completed");
  private static final List<String> SHOWN =
      List.of("node_started", "log", "open", "closed", "connect_error", "interactive_prompt");
  @TempDir Path folder;

  @Test
  void tellsAllOfItOnEachTransport_fromAnAnswerToTheEnd() throws Exception {
    try (ServedHome server = new ServedHome(folder, Map.of())) {
      server.start();
      server.save("gated", GATED);
      for (String transport : List.of("default", "polling", "websocket")) {
        String id = server.execute("gated", "{}");
        server.await(id, "waiting");
        try (NodeClient client = watch(server, transport, 1, "approve", id)) {
          List<JsonNode> seen = seen(client);
          assertThat(briefs(seen, 0)).as(transport).isEqualTo(WHOLE);
          assertThat(seen.stream().map(one -> one.path("event").asString()))
              .contains("interactive_prompt", "node_started");
          assertThat(seen.stream().map(one -> one.path("transport").asString("")))
              .contains(transport.equals("default") ? "websocket" : transport);
        }
        try (NodeClient late = watch(server, transport, 1, "-", id)) {
          List<JsonNode> seen = seen(late);
          assertThat(briefs(seen, 0)).as("late, " + transport).isEqualTo(WHOLE);
          assertThat(seen.stream().map(one -> one.path("event").asString()))
              .doesNotContain("interactive_prompt");
        }
      }
    }
  }

  @Test
  void servesTwoHundredAtOnce_andGarbageBesideThem() throws Exception {
    try (ServedHome server = new ServedHome(folder, Map.of())) {
      server.start();
      server.save("gated", GATED);
      String id = server.execute("gated", "{}");
      server.await(id, "waiting");
      try (NodeClient many = watch(server, "default", 200, "-", id);
          NodeClient garbage = NodeClient.start("garbage.js", server.compute(""))) {
        List<String> told = garbage.linesToItsEnd(60);
        assertThat(told).contains("flooder cut off", "still answers");
        many.awaitLine("\"client\":199,\"event\":\"interactive_prompt\"");
        assertThat(
                server
                    .post(
                        server.chains("/executions/" + id + "/approve/ask"),
                        "application/json",
                        "{\"approved\":true}")
                    .statusCode())
            .isEqualTo(200);
        List<JsonNode> seen = seen(many);
        IntStream.range(0, 200)
            .forEach(one -> assertThat(briefs(seen, one)).as("client %d", one).isEqualTo(WHOLE));
      }
    }
  }

  @Test
  void goesOnWithAClientWhenTheServerHasDiedInBetween() throws Exception {
    try (ServedHome server = new ServedHome(folder, Map.of())) {
      server.start();
      server.save("gated", GATED);
      String id = server.execute("gated", "{}");
      try (NodeClient client = watch(server, "default", 1, "-", id)) {
        client.awaitLine("interactive_prompt");
        server.kill();
        client.awaitLine("\"closed\"");
        server.start();
        server.post(
            server.chains("/executions/" + id + "/approve/ask"),
            "application/json",
            "{\"approved\":true}");
        List<JsonNode> seen = seen(client);
        List<String> after = briefs(seen, 0);
        assertThat(after.subList(after.lastIndexOf("connected"), after.size())).isEqualTo(WHOLE);
      }
    }
    assertThat(Files.exists(folder)).isTrue();
  }

  private static NodeClient watch(
      ServedHome server, String transport, int clients, String answer, String id) throws Exception {
    return NodeClient.start(
        "watch.js", server.compute(""), transport, Integer.toString(clients), answer, id);
  }

  private static List<JsonNode> seen(NodeClient client) throws Exception {
    return client.linesToItsEnd(90).stream().map(Json::read).toList();
  }

  private static List<String> briefs(List<JsonNode> seen, int client) {
    return seen.stream()
        .filter(one -> one.path("client").asInt() == client)
        .filter(one -> !SHOWN.contains(one.path("event").asString()))
        .map(one ->
            (one.path("event").asString() + " " + one.at("/data/step_number").asString("")).strip())
        .toList();
  }
}
