package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.windlass.http.Cors;
import io.windlass.http.ErrorRenderer;
import io.windlass.http.Routes;
import io.windlass.http.Surface;
import jakarta.servlet.http.HttpServlet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API for graphs and workflows, MCP servers and workspaces; its own port is 5001. */
public final class ComputeSurface implements Surface, AutoCloseable {
  static final String NAME = "compute";

  private final ComputePorts ports;
  private final ComputeConfig config;
  private final ErrorJson errors;
  private final RateLimits requests;
  private final RateLimits toolCalls;
  private final Traffic traffic;
  private final FolderSizes sizes;
  private final WorkspaceFolder workspace;
  private final SocketServer sockets;
  private final @Nullable Cleanup cleanup;

  /**
   * @param traffic counts the requests; its owner tells it of each
   */
  public ComputeSurface(ComputePorts ports, ComputeConfig config, Traffic traffic) {
    this.ports = ports;
    this.config = config;
    this.traffic = traffic;
    this.errors = new ErrorJson(ports.clock());
    ComputeConfig.Limits limits = config.limits();
    this.requests =
        new RateLimits(
            "requests",
            limits.requestsPerHour(),
            "WINDLASS_COMPUTE_REQUESTS_PER_HOUR",
            ports.clock());
    this.toolCalls =
        new RateLimits(
            "MCP tool calls",
            limits.toolCallsPerHour(),
            "WINDLASS_COMPUTE_TOOL_CALLS_PER_HOUR",
            ports.clock());
    this.sizes = new FolderSizes(ports.clock());
    this.workspace = new WorkspaceFolder(config.storage().workspace(), config.storage().closed());
    this.sockets = new SocketServer(ports.runs().events());
    Duration after = config.storage().cleanupAfter();
    this.cleanup = after == null ? null : new Cleanup(workspace, after, ports.clock());
    if (cleanup != null) {
      cleanup.start();
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Cors cors() {
    return config.cors();
  }

  @Override
  public ErrorRenderer errors() {
    return errors;
  }

  /**
   * Counts every request but those of health checks, which must not use up anybody's share, and
   * those by which a browser asks whether it may make one.
   */
  @Override
  public void before(Context context) {
    context.header("Access-Control-Expose-Headers", RateLimits.HEADERS);
    if (context.path().endsWith("/health") || context.method().equals(HandlerType.OPTIONS)) {
      requests.show(context, context.ip());
    } else {
      requests.take(context, context.ip());
    }
  }

  @Override
  public Map<String, HttpServlet> servlets() {
    return Map.of("/socket.io/*", new SocketServlet(sockets.engine()));
  }

  @Override
  public void routes(Routes routes) {
    for (RouteGroup group : groups()) {
      group.declare(routes);
    }
  }

  private List<RouteGroup> groups() {
    return List.of(
        new ServiceRoutes(ports, traffic, sizes, config.storage()),
        new McpServerRoutes(ports.mcp(), ports.clock()),
        new McpToolRoute(ports.mcp(), toolCalls),
        new DirectoryRoutes(workspace, sizes),
        new WorkspaceRoutes(workspace, config.storage(), sizes, ports),
        new ContentRoute(workspace),
        new WorkflowRouteGroups(ports.runs()));
  }

  @Override
  public void close() {
    if (cleanup != null) {
      cleanup.close();
    }
    sockets.close();
  }
}
