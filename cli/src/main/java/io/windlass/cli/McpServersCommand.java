package io.windlass.cli;

import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Lists the MCP servers of others whose tools chains may use. */
@Command(
    name = "mcp-servers",
    description = {
      "List the MCP servers whose tools chains may use, and how they stand.",
      "A settings file that cannot be used is told, with the place in it."
    },
    footer = {"", "Example:", "  windlass mcp-servers"})
final class McpServersCommand extends RemoteCommand {
  McpServersCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    JsonNode servers = unified().get("/v1/mcp-servers");
    Table table = new Table("NAME", "STATE", "TRANSPORT", "TOOLS", "ERROR");
    for (JsonNode one : servers.path("items")) {
      table.row(
          Documents.text(one, "name"),
          Documents.text(one, "state"),
          Documents.text(one, "transport"),
          Documents.text(one, "tools"),
          Documents.text(one, "error"));
    }
    answer(
        servers,
        table.isEmpty()
            ? "No MCP servers in " + Documents.text(servers, "settings_file")
            : table.text());
    return ExitCode.OK;
  }
}
