package io.windlass.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The server's tools for MCP clients that start a program: each message goes to {@code /mcp}. */
@Command(
    name = "mcp",
    description = {
      "Serve the tools of Windlass to an MCP client over standard input and output.",
      "When no server is running, one is started for the duration."
    },
    footer = {
      "",
      "In the settings of an MCP client:",
      "  {\"mcpServers\": {\"windlass\": {\"command\": \"/path/to/windlass\", \"args\": [\"mcp\"]}}}",
      "Clients that speak HTTP take http://127.0.0.1:7070/mcp instead."
    })
final class McpCommand extends RemoteCommand {
  private static final int PARSE_ERROR = -32700;
  private static final int SERVER_ERROR = -32000;

  McpCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    try (TemporaryServer _ = TemporaryServer.ifNoneListens(connection, terminal);
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      Http unified = unified();
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String message = line;
        if (!message.isBlank()) {
          // A call that waits for a run's end holds up no other.
          calls.execute(() -> relay(unified, message));
        }
      }
      return ExitCode.OK;
    } catch (IOException e) {
      throw CliException.failed("Standard input broke off: " + e.getMessage());
    }
  }

  private void relay(Http unified, String message) {
    @Nullable JsonNode id = null;
    try {
      JsonNode json = Documents.read(message);
      id = json.has("method") ? json.get("id") : null;
      String answer = unified.postPatiently("/mcp", Documents.write(json));
      if (!answer.isBlank()) {
        say(answer.replaceAll("\\R", " "));
      }
    } catch (JacksonException e) {
      say(
          Documents.write(
              error(null, PARSE_ERROR, "This line is no JSON: " + Wording.line(message, 80))));
    } catch (CliException e) {
      if (id == null) {
        terminal.complain(String.valueOf(e.getMessage()));
      } else {
        say(Documents.write(error(id, SERVER_ERROR, String.valueOf(e.getMessage()))));
      }
    }
  }

  private static JsonNode error(@Nullable JsonNode id, int code, String message) {
    ObjectNode answer = Documents.object().put("jsonrpc", "2.0");
    if (id == null) {
      answer.putNull("id");
    } else {
      answer.set("id", id);
    }
    answer.putObject("error").put("code", code).put("message", message);
    return answer;
  }

  private void say(String line) {
    synchronized (terminal.out()) {
      terminal.out().println(line);
      terminal.out().flush();
    }
  }
}
