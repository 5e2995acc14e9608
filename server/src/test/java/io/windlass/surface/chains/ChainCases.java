package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeping chains, and refusing broken ones. */
abstract class ChainCases extends ChainsCase {
  ChainCases(ChainsServer server) {
    super(server);
  }

  @Test
  void keepsAChainAsItWasSaved() throws Exception {
    assertThat(server.get("/chains/greet").body()).isEqualTo(GREET);
    assertThat(server.json("/chains"))
        .anySatisfy(chain -> {
          assertThat(chain.path("name").asString()).isEqualTo("greet");
          assertThat(chain.path("version").asString()).isEqualTo("1.2");
          assertThat(chain.path("stepCount").asInt()).isEqualTo(1);
        });
    server.save("/chains/passing", GREET);
    assertThat(server.method("DELETE", "/chains/passing").body()).isEqualTo("{\"ok\":true}");
    assertThat(server.method("DELETE", "/chains/passing").statusCode()).isEqualTo(404);
    assertThat(server.get("/chains/passing").statusCode()).isEqualTo(404);
  }

  @Test
  void takesAChainAsJsonAndGivesItAsYaml() throws Exception {
    String json =
        """
        {"name": "J", "steps": [{"id": "a", "prompt": "say {\\"x\\": 1}\\nmore", "output_var": "a"}],
         "output": "a"}\
        """;
    assertThat(server.post("/chains/json", json).statusCode()).isEqualTo(200);
    assertThat(server.get("/chains/json").body())
        .contains("output_var: a")
        .doesNotContain("{\"name");
    assertThat(server.ended(server.start("json", "{}")).path("result").asString())
        .isEqualTo("{\"x\": 1}\nmore");
    String wrapped = Json.object().put("yaml", GREET).put("versionMessage", "first").toString();
    assertThat(server.post("/chains/wrapped", wrapped).statusCode()).isEqualTo(200);
    assertThat(server.get("/chains/wrapped").body()).isEqualTo(GREET);
  }

  @Test
  void showsAChainAsJson() throws Exception {
    assertThat(server.json("/chains/greet/json").path("steps").path(0).path("id").asString())
        .isEqualTo("greet");
    assertThat(server.get("/chains/nosuch/json").statusCode()).isEqualTo(404);
  }

  @Test
  void servesPicturesOfTheWorkspaceAndNothingElse() throws Exception {
    Path images = Files.createDirectories(server.workspace.resolve("images"));
    Files.write(images.resolve("a.png"), new byte[] {1, 2, 3});
    Files.writeString(images.resolve("note.txt"), "no picture");
    Files.createSymbolicLink(images.resolve("link.png"), server.workspace.resolve("../home"));
    HttpResponse<String> picture = server.get("/images/a.png");
    assertThat(picture.statusCode()).isEqualTo(200);
    assertThat(picture.headers().firstValue("Content-Type").orElse("")).startsWith("image/png");
    for (String name : List.of("b.png", "note.txt", "link.png", "..%2Fa.png")) {
      assertThat(server.get("/images/" + name).statusCode()).as(name).isEqualTo(404);
    }
  }

  @Test
  void refusesBrokenChains() throws Exception {
    HttpResponse<String> faulty = server.save("/chains/faulty", "name: x\nsteps: []\n");
    assertThat(faulty.statusCode()).isEqualTo(400);
    assertThat(error(faulty)).startsWith("Invalid chain \"faulty\":").contains("\noutput: ");
    assertThat(server.save("/chains/faulty", "a: [").statusCode()).isEqualTo(400);
    assertThat(server.save("/chains/faulty", "").statusCode()).isEqualTo(400);
    assertThat(server.save("/chains/..%2Fup", GREET).statusCode()).isEqualTo(400);
    assertThat(server.post("/chains/faulty", "{\"name\":").statusCode()).isEqualTo(400);
    assertThat(server.post("/chains/faulty", "[]").statusCode()).isEqualTo(400);
    StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'k'; c++) {
      bomb.append("%c: &%c [%s]\n".formatted(c, c, ("*" + (char) (c - 1) + ",").repeat(9)));
    }
    assertThat(server.save("/chains/bomb", bomb.toString()).statusCode()).isEqualTo(400);
    HttpResponse<String> form =
        server.send(
            server
                .request("/chains/form")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("a=b")));
    assertThat(form.statusCode()).isEqualTo(415);
    HttpResponse<String> large =
        server.send(
            server
                .request("/chains/large")
                .header("Content-Type", "text/yaml")
                .POST(BodyPublishers.ofByteArray(new byte[50 << 20])));
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(server.json("/chains"))
        .noneMatch(one -> one.path("name").asString().equals("faulty"));
  }
}
