package io.windlass.surface.compute;

import io.windlass.mcp.McpServer;

/** The words of this surface for how MCP servers are. */
final class McpWords {
  private McpWords() {}

  /** One that is not started yet counts: it starts when it is needed. */
  static boolean isAvailable(McpServer server) {
    return switch (server.state()) {
      case STOPPED, STARTING, RUNNING -> true;
      case FAILED, DISABLED, INVALID -> false;
    };
  }

  static String status(McpServer server) {
    return isAvailable(server) ? "available" : "unavailable";
  }
}
