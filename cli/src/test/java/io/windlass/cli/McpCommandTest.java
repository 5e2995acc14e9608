package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bridge from standard input to a server's {@code /mcp}. */
final class McpCommandTest {
  private final StubServer server = new StubServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void carriesEachMessageToTheServer_andItsAnswerBack() {
    server.on("POST /mcp", StubServer.json(200, "{\"jsonrpc\":\"2.0\",\n \"id\":1,\"result\":{}}"));

    Shell.Result result =
        Shell.at(server)
            .env("WINDLASS_TOKEN", "secret")
            .typing("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n\n")
            .run("mcp");

    assertThat(result.exit()).isZero();
    assertThat(result.out().lines()).hasSize(1);
    assertThat(result.json().at("/id")).isEqualTo("1");
    assertThat(server.requests())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.json().path("method").asString()).isEqualTo("ping");
          assertThat(request.header("Authorization")).isEqualTo("Bearer secret");
        });
  }

  @Test
  void answersWithAnError_whenTheLineOrTheServerIsNoGood() {
    server.on("POST /mcp", StubServer.json(403, "{\"detail\":\"not for you\"}"));

    Shell.Result result =
        Shell.at(server)
            .typing("{oops\n{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}\n")
            .run("mcp");

    List<String> lines = result.out().lines().sorted().toList();
    assertThat(lines).hasSize(2);
    assertThat(result.out()).contains("-32700", "{oops", "\"id\":\"a\"", "not for you");
  }
}
