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

/** The EventSource client that JavaScript programs use, on both streams, over a server's death. */
final class EventSourceTest {
  private static final String CHAIN =
      """
      name: Held
      inputs: [{name: marker}]
      steps:
        - {id: first, type: transform, operation: template, template_str: one, prompt: x, output_var: a}
        - id: held
          type: gather
          depends_on: [first]
          pre_tools:
            - type: bash
              inject_as: seen
              command: 'touch {marker}.begun; while [ ! -e {marker} ]; do sleep 0.05; done; echo here'
          operation: template
          template_str: "{seen}"
          prompt: x
          output_var: b
        - {id: last, type: transform, operation: template, template_str: "{a} {b}", prompt: x, output_var: c, depends_on: [held]}
      output: c
      """;
  @TempDir Path folder;

  @Test
  void missesNothingAndStopsByItself_whenTheServerIsKilledInTheMiddle() throws Exception {
    try (ServedHome server = new ServedHome(folder, Map.of())) {
      server.start();
      server.save("held", CHAIN);
      Path marker = folder.resolve("marker");
      String id = server.execute("held", Json.object().put("marker", "" + marker).toString());
      try (NodeClient unified =
              NodeClient.start("follow.js", server.main("/v1/executions/" + id + "/stream"));
          NodeClient chains =
              NodeClient.start("follow.js", server.chains("/executions/" + id + "/stream"))) {
        unified.awaitLine("\"step\":\"held\"");
        chains.awaitLine("\"stepId\":\"held\"");
        server.kill();
        Files.createFile(marker);
        server.start();

        List<JsonNode> seen = unified.linesToItsEnd(30).stream().map(Json::read).toList();
        JsonNode events = server.json(server.main("/v1/executions/" + id + "/events"));
        List<Integer> all = IntStream.rangeClosed(1, events.path("items").size()).boxed().toList();
        assertThat(numbers(seen)).as("every event once, in order").isEqualTo(all);
        assertStopped(seen);

        List<JsonNode> told = chains.linesToItsEnd(30).stream().map(Json::read).toList();
        assertThat(briefs(told))
            .containsSubsequence(
                "execution_started",
                "step_done first",
                "step_started held",
                "step_done held",
                "step_done last",
                "execution_done");
        assertThat(briefs(told))
            .filteredOn(brief -> brief.startsWith("step_done") || brief.startsWith("execution_d"))
            .doesNotHaveDuplicates();
        assertStopped(told);
      }
    }
  }

  /** It was cut off, came back, was sent to its end, came again, and was told to stop. */
  private static void assertStopped(List<JsonNode> seen) {
    List<String> happened = seen.stream().map(one -> one.path("happened").asString()).toList();
    assertThat(happened.stream().filter("open"::equals)).as("%s", happened).hasSize(2);
    assertThat(happened).containsSubsequence("open", "broken", "open", "broken", "stopped");
    assertThat(seen.getLast().path("happened").asString()).isEqualTo("stopped");
    assertThat(seen.getLast().path("code").intValue()).isEqualTo(204);
  }

  private static List<Integer> numbers(List<JsonNode> seen) {
    return seen.stream()
        .map(one -> one.at("/data/number"))
        .filter(JsonNode::isNumber)
        .map(JsonNode::intValue)
        .toList();
  }

  private static List<String> briefs(List<JsonNode> told) {
    return told.stream()
        .map(one -> one.path("data"))
        .filter(data -> data.has("type"))
        .map(
            data -> (data.path("type").asString() + " " + data.path("stepId").asString("")).strip())
        .toList();
  }
}
