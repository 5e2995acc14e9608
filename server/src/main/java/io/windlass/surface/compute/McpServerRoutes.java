package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import io.windlass.mcp.McpServer;
import io.windlass.mcp.McpServers;
import io.windlass.mcp.McpTool;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The MCP servers of the settings, their tools and how they are. */
final class McpServerRoutes implements RouteGroup {
  private final McpServers mcp;
  private final InstantSource clock;

  McpServerRoutes(McpServers mcp, InstantSource clock) {
    this.mcp = mcp;
    this.clock = clock;
  }

  @Override
  public void declare(Routes routes) {
    routes
        .get("/mcp-servers", this::servers)
        .get("/mcp-servers/tools", this::tools)
        .get("/mcp-servers/status", this::status)
        .get("/mcp-servers/settings", this::settings);
  }

  private void servers(Context context) throws InterruptedException {
    List<McpServer> servers = mcp.list();
    if (servers.stream().anyMatch(one -> one.tools() == null && McpWords.isAvailable(one))) {
      // How many tools a server has is known once it was asked.
      var _ = mcp.tools();
      servers = mcp.list();
    }
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("mcp_servers");
    for (McpServer server : servers) {
      ObjectNode one =
          list.addObject()
              .put("name", server.name())
              .put("display_name", server.title())
              .put("description", server.description())
              .put("status", McpWords.status(server))
              .put("version", server.version());
      ArrayNode capabilities = one.putArray("capabilities");
      server.capabilities().forEach(capabilities::add);
      one.put("tools_count", server.tools());
    }
    long available = servers.stream().filter(McpWords::isAvailable).count();
    context.json(
        json.put("total", servers.size())
            .put("available", available)
            .put("unavailable", servers.size() - available));
  }

  private void tools(Context context) throws InterruptedException {
    String server = Fields.query(context, "server");
    String capability = Fields.query(context, "capability");
    List<McpTool> found = server == null ? mcp.tools() : mcp.tools(server);
    List<McpServer> servers = mcp.list();
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("tools");
    for (McpTool tool : found) {
      if (capability == null || can(tool, servers, capability)) {
        list.add(json(tool));
      }
    }
    context.json(json.put("total", list.size()));
  }

  static String id(McpTool tool) {
    return tool.server() + "-" + tool.name();
  }

  private static ObjectNode json(McpTool tool) {
    ObjectNode json =
        Json.object()
            .put("tool_id", id(tool))
            .put("server", tool.server())
            .put("name", tool.name())
            .put("display_name", tool.title())
            .put("description", tool.description());
    json.set("input_schema", tool.inputSchema());
    json.set("output_schema", tool.outputSchema() == null ? Json.object() : tool.outputSchema());
    return json;
  }

  /** A word of the tool's name, or something that its whole server can. */
  private static boolean can(McpTool tool, List<McpServer> servers, String capability) {
    String wanted = capability.toLowerCase(Locale.ROOT);
    String name = tool.name().toLowerCase(Locale.ROOT);
    return name.equals(wanted)
        || Arrays.asList(name.split("[^a-z0-9]+")).contains(wanted)
        || servers.stream()
            .anyMatch(
                one -> one.name().equals(tool.server()) && one.capabilities().contains(wanted));
  }

  private void status(Context context) throws InterruptedException {
    List<McpServer> servers = mcp.status();
    List<McpServer> enabled =
        servers.stream().filter(one -> one.state() != McpServer.State.DISABLED).toList();
    long available = enabled.stream().filter(McpWords::isAvailable).count();
    String overall =
        available == enabled.size() ? "healthy" : available > 0 ? "degraded" : "unhealthy";
    ObjectNode json = Json.object().put("overall_status", overall);
    ArrayNode list = json.putArray("servers");
    for (McpServer server : servers) {
      list.addObject()
          .put("name", server.name())
          .put("status", McpWords.status(server))
          .put("last_check", Words.instantOrNull(server.checkedAt()))
          .put("response_time_ms", server.responseMillis())
          .put("error", error(server));
    }
    context.json(json.put("timestamp", Words.instant(clock.instant())));
  }

  private static @Nullable String error(McpServer server) {
    return server.state() == McpServer.State.DISABLED ? "Disabled in the settings" : server.error();
  }

  private void settings(Context context) {
    McpServers.Settings settings = mcp.settings();
    Path folder = settings.file().toAbsolutePath().getParent();
    ObjectNode json =
        Json.object()
            .put("mcp_base_path", folder == null ? "/" : folder.toString())
            .put("mcp_settings_file", settings.file().toAbsolutePath().toString());
    ArrayNode list = json.putArray("servers");
    settings
        .servers()
        .forEach(server ->
            list.addObject()
                .put("name", server.name())
                .put("enabled", server.enabled())
                .set("config", server.config()));
    if (settings.fault() != null) {
      json.put("error", settings.fault());
    }
    context.json(json);
  }
}
