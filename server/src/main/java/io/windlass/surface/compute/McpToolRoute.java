package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.http.Caller;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.mcp.McpAnswer;
import io.windlass.mcp.McpServer;
import io.windlass.mcp.McpServers;
import io.windlass.mcp.McpTool;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls one tool of an MCP server. */
final class McpToolRoute implements RouteGroup {
  private static final double LONGEST_SECONDS = 3_600;
  private final McpServers mcp;
  private final RateLimits limit;

  McpToolRoute(McpServers mcp, RateLimits limit) {
    this.mcp = mcp;
    this.limit = limit;
  }

  @Override
  public void declare(Routes routes) {
    routes.post("/mcp-tools/execute", this::execute);
  }

  private void execute(Context context) throws InterruptedException {
    ObjectNode body = RequestBody.object(context);
    String id = Fields.required(body, "tool_id");
    ObjectNode input = Fields.object(body, "input");
    ObjectNode config = Fields.object(body, "config");
    double seconds = Fields.number(config, "timeout", 0, 0.001, LONGEST_SECONDS);
    Duration atMost = seconds == 0 ? null : Duration.ofMillis(Math.round(seconds * 1000));
    int tries = Fields.flag(config, "retry_on_failure", false) ? 2 : 1;
    limit.take(context, Caller.of(context).user());
    McpTool tool = find(id);
    McpAnswer answer = call(tool, input, atMost, tries);
    ObjectNode json = Json.object().put("tool_id", id).put("status", "completed");
    json.set("output", output(answer));
    // Servers do not tell what a call costs.
    context.json(json.put("execution_time_ms", answer.millis()).putNull("cost_usd"));
  }

  /** A server's name may hold a dash, so that each split is tried, the longest name first. */
  private McpTool find(String id) throws InterruptedException {
    List<McpServer> servers =
        mcp.list().stream()
            .filter(server -> id.startsWith(server.name() + "-"))
            .sorted(
                Comparator.comparingInt((McpServer server) -> server.name().length()).reversed())
            .toList();
    for (McpServer server : servers) {
      for (McpTool tool : tools(server)) {
        if (McpServerRoutes.id(tool).equals(id)) {
          return tool;
        }
      }
    }
    throw new WindlassException(
        ErrorCode.NOT_FOUND,
        "There is no MCP tool \"%s\": tool_id is server-tool, GET /mcp-servers/tools lists them all"
            .formatted(id));
  }

  private List<McpTool> tools(McpServer server) throws InterruptedException {
    try {
      return mcp.tools(server.name());
    } catch (WindlassException e) {
      throw new WindlassException(ErrorCode.MCP_FAILED, e.text(), e);
    }
  }

  private McpAnswer call(McpTool tool, ObjectNode input, @Nullable Duration atMost, int tries)
      throws InterruptedException {
    for (int tried = 1; ; tried++) {
      try {
        McpAnswer answer = mcp.call(tool.server(), tool.name(), input, atMost);
        if (!answer.failed()) {
          return answer;
        }
        if (tried == tries) {
          throw new WindlassException(
              ErrorCode.MCP_TOOL_FAILED,
              "MCP tool %s failed: %s".formatted(McpServerRoutes.id(tool), answer.text()));
        }
      } catch (WindlassException e) {
        if (e.code() == ErrorCode.INVALID_INPUT) {
          throw WindlassException.invalid(
              e.text(), List.of(new Fault("input", e.text(), null, "input_schema")));
        }
        if (e.code() != ErrorCode.MCP_FAILED) {
          throw e;
        }
        if (tried == tries) {
          throw isDown(tool.server())
              ? e
              : new WindlassException(ErrorCode.MCP_TOOL_FAILED, e.text(), e);
        }
      }
    }
  }

  private boolean isDown(String server) {
    return mcp.list().stream()
        .anyMatch(one -> one.name().equals(server) && !McpWords.isAvailable(one));
  }

  private static JsonNode output(McpAnswer answer) {
    JsonNode structured = answer.structured();
    if (structured != null) {
      return structured;
    }
    try {
      JsonNode read = Json.MAPPER.readTree(answer.text());
      if (read.isContainer()) {
        return read;
      }
    } catch (JacksonException e) {
      return Json.object().put("text", answer.text());
    }
    return Json.object().put("text", answer.text());
  }
}
