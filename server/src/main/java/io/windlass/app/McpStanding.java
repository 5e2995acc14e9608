package io.windlass.app;

import io.windlass.mcp.McpServers;
import io.windlass.surface.unified.McpServersJson;

/** How the MCP servers of others stand, for people who look. */
final class McpStanding {
  private final McpServers servers;

  McpStanding(McpServers servers) {
    this.servers = servers;
  }

  McpServersJson list() {
    McpServers.Settings settings = servers.settings();
    return new McpServersJson(
        servers.list().stream()
            .map(one ->
                new McpServersJson.McpServerJson(
                    one.name(),
                    one.title(),
                    one.transport(),
                    one.state().word(),
                    one.tools(),
                    one.error()))
            .toList(),
        settings.file().toString(),
        settings.fault());
  }

  /** A line for {@code /health}: a broken file is told there, and does not make the server down. */
  String line() {
    McpServers.Settings settings = servers.settings();
    return settings.fault() == null
        ? "%d in %s".formatted(settings.servers().size(), settings.file())
        : "broken settings: " + settings.fault();
  }
}
