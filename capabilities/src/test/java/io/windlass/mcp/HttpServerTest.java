package io.windlass.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A real server of the protocol over streamable HTTP, and its death. */
@SuppressWarnings("NullAway.Init") // set before each test
final class HttpServerTest {
  @TempDir Path folder;
  private McpServers servers;
  private Process process;

  @AfterEach
  void stop() {
    servers.close();
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void callsAServerOverHttp_andAgainAfterItsRestart() throws Exception {
    int port = freePort();
    ObjectNode all =
        Json.object().put("type", "http").put("url", "http://127.0.0.1:" + port + "/mcp");
    all.putObject("headers").put("Authorization", "Bearer ${MY_TOKEN}");
    Path file = folder.resolve("mcp_settings.json");
    Files.writeString(file, Json.object().set("mcpServers", Json.object().set("all", all)) + "");
    servers =
        new McpServers(file, Map.of("MY_TOKEN", "t-12345678"), folder, InstantSource.system());
    assertThatThrownBy(() -> servers.tools("all"))
        .hasMessageContaining("MCP server all cannot be used: cannot connect to http://127.0.0.1:")
        .hasMessageContaining(port + "/mcp")
        .hasMessageContaining("\"url\"");

    start(port);
    assertThat(servers.call("all", "echo", Json.object().put("message", "hi"), null).text())
        .isEqualTo("Echo: hi");
    process.destroyForcibly().waitFor();
    assertThatThrownBy(() -> servers.call("all", "echo", Json.object().put("message", "hi"), null))
        .hasMessageContaining("MCP server all broke off in the call of echo")
        .hasMessageContaining("cannot connect");
    start(port);
    assertThat(servers.call("all", "echo", Json.object().put("message", "again"), null).text())
        .isEqualTo("Echo: again");
    assertThat(Json.write(servers.settings())).contains("Bearer ${MY_TOKEN}");
  }

  private void start(int port) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("node", "" + NodePeers.everything(), "streamableHttp")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile());
    builder.environment().put("PORT", "" + port);
    process = builder.start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!isListening(port)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(Files.readString(folder.resolve("server.log")));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static boolean isListening(int port) {
    try (Socket _ = new Socket("127.0.0.1", port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
