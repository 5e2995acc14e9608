package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Chains that a model writes; the model is a script that makes mistakes. */
abstract class GenerationCases extends ChainsCase {
  GenerationCases(ChainsServer server) {
    super(server);
  }

  @Test
  void asksBack_andWritesTheChainFromTheAnswers() throws Exception {
    JsonNode asked =
        Json.read(server.post("/generate-chain", "{\"description\":\"vague\"}").body());
    assertThat(asked.path("status").asString()).isEqualTo("questions");
    assertThat(asked.path("questions")).hasSize(2);
    String session = asked.path("sessionId").asString();
    String answers = "{\"sessionId\":\"" + session + "\",\"answers\":[\"people\",\"short\"]}";

    JsonNode created = Json.read(server.post("/generate-chain", answers).body());

    assertThat(created.path("status").asString()).isEqualTo("created");
    assertThat(created.path("chainName").asString()).isEqualTo("vague-greeting");
    assertThat(created.path("summary").asString()).isEqualTo("It greets in one step.");
    assertThat(server.get("/chains/vague-greeting").body())
        .isEqualTo(created.path("yaml").asString())
        .startsWith("name: Vague Greeting!");
    HttpResponse<String> again = server.post("/generate-chain", answers);
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(error(again)).contains(session, "send the description again");
    assertThat(types(server.get("/generate-chain/stream/" + session)))
        .startsWith("connected", "start", "progress", "text")
        .endsWith("created", "done");
  }

  @Test
  void givesFaultsBackToTheModel_andReplacesNoChain() throws Exception {
    for (String name : List.of("mended", "mended-2")) {
      HttpResponse<String> stream =
          server.post(
              "/generate-chain/stream", "{\"description\":\"a chain with mistakes please\"}");

      List<JsonNode> frames = frames(stream);
      assertThat(types(stream))
          .containsSubsequence("start", "progress", "text", "progress", "created", "done");
      assertThat(frames.stream().map(frame -> frame.path("message").asString("")))
          .anyMatch(message -> message.contains("unknown step \"nowhere\""))
          .contains("Repair 2 of 3");
      assertThat(frames.get(frames.size() - 2).path("chainName").asString()).isEqualTo(name);
    }
    assertThat(server.json("/chains").toString()).contains("mended-2");
  }

  @Test
  void givesUpAfterThreeRepairs_namingTheFaults() throws Exception {
    HttpResponse<String> answer =
        server.post("/generate-chain", "{\"description\":\"something hopeless\"}");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(error(answer)).contains("after 3 repairs", "unknown step \"hopeless\"");
    assertThat(server.get("/chains/hopeless").statusCode()).isEqualTo(404);
    HttpResponse<String> stream =
        server.post("/generate-chain/stream", "{\"description\":\"something hopeless\"}");
    assertThat(types(stream)).endsWith("error", "done");
  }

  @Test
  void namesWhatIsMissing() throws Exception {
    HttpResponse<String> empty = server.post("/generate-chain", "{}");
    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(error(empty)).startsWith("description or answers is required");
    assertThat(error(server.post("/generate-chain", "{\"answers\":\"x\"}")))
        .startsWith("sessionId is required");
    assertThat(error(server.post("/generate-chain", "{\"description\":\" \"}")))
        .startsWith("description is empty");
    assertThat(
            server
                .post("/generate-chain", "{\"sessionId\":\"gen-no\",\"answers\":\"x\"}")
                .statusCode())
        .isEqualTo(404);
    assertThat(types(server.get("/generate-chain/stream/gen-no"))).containsExactly("error");
  }

  private static List<String> types(HttpResponse<String> stream) {
    return frames(stream).stream().map(frame -> frame.path("type").asString()).toList();
  }

  private static List<JsonNode> frames(HttpResponse<String> stream) {
    return Stream.of(stream.body().split("\n"))
        .filter(line -> line.startsWith("data: "))
        .map(line -> Json.read(line.substring(6)))
        .toList();
  }
}
