package io.windlass.mcp;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import io.windlass.tool.ToolSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of MCP servers for agents: {@code mcp__server__tool} and {@code server.tool} name one,
 * {@code server} and {@code mcp__server} all of a server. To be asked after all other sources, as a
 * broken settings file leaves it unknown which names are servers.
 */
public final class McpToolSource implements ToolSource {
  private final McpServers servers;

  public McpToolSource(McpServers servers) {
    this.servers = servers;
  }

  @Override
  public boolean knows(String name) {
    return servers.fault() != null
        || servers.names().stream()
            .anyMatch(
                server -> McpTool.serverNames(server).contains(name) || mayBeOf(server, name));
  }

  private static boolean mayBeOf(String server, String name) {
    return name.startsWith(server + ".")
        || name.startsWith(McpTool.serverNames(server).get(1) + "__");
  }

  @Override
  public List<Tool> named(String name) throws Exception {
    for (String server : servers.names()) {
      if (McpTool.serverNames(server).contains(name)) {
        return servers.tools(server).stream().map(this::bound).toList();
      }
    }
    for (String server : servers.names()) {
      if (mayBeOf(server, name)) {
        List<McpTool> tools = servers.tools(server);
        List<Tool> found =
            tools.stream()
                .filter(one ->
                    name.equals(server + "." + one.name())
                        || name.equals(one.fullName())
                        || name.equals("mcp__" + server + "__" + one.name()))
                .map(this::bound)
                .toList();
        if (!found.isEmpty()) {
          return found;
        }
        throw new WindlassException(
            ErrorCode.NOT_FOUND,
            "MCP server %s has no tool for the name \"%s\": it has %s"
                .formatted(
                    server, name, String.join(", ", tools.stream().map(McpTool::name).toList())));
      }
    }
    String fault = servers.fault();
    if (fault != null) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "Whether \"%s\" is a tool of an MCP server is not known: %s".formatted(name, fault));
    }
    return List.of();
  }

  private Tool bound(McpTool tool) {
    return new Bound(tool);
  }

  private final class Bound implements Tool {
    private final McpTool tool;

    Bound(McpTool tool) {
      this.tool = tool;
    }

    @Override
    public String name() {
      return tool.fullName();
    }

    @Override
    public String description() {
      return tool.description().isBlank() ? tool.title() : tool.description();
    }

    @Override
    public ObjectNode schema() {
      ObjectNode schema = tool.inputSchema().deepCopy();
      if (!schema.has("type")) {
        schema.put("type", "object");
      }
      return schema;
    }

    @Override
    public boolean isReadOnly() {
      return tool.readOnly();
    }

    @Override
    public Optional<Duration> timeLimit() {
      return servers.timeLimit(tool.server());
    }

    @Override
    public ToolResult call(ToolCall call) throws InterruptedException {
      try {
        McpAnswer answer =
            servers.call(tool.server(), tool.name(), call.arguments(), call.timeout());
        return new ToolResult(answer.text(), answer.failed());
      } catch (WindlassException e) {
        return ToolResult.failure(e.text());
      }
    }
  }
}
