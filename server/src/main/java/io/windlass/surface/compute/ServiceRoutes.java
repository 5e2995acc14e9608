package io.windlass.surface.compute;

import com.sun.management.OperatingSystemMXBean;
import io.javalin.http.Context;
import io.windlass.execution.ExecutionFigures;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.mcp.McpServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** How the server is and what it does, in figures that are measured when they are asked for. */
final class ServiceRoutes implements RouteGroup {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceRoutes.class);
  private static final String POSTGRES = "postgresql";
  private static final double MEGABYTE = 1 << 20;
  private static final double GIGABYTE = 1 << 30;

  private final ComputePorts ports;
  private final Traffic traffic;
  private final FolderSizes sizes;
  private final ComputeConfig.Storage storage;
  private final InstantSource clock;
  private final Instant startedAt;

  ServiceRoutes(
      ComputePorts ports, Traffic traffic, FolderSizes sizes, ComputeConfig.Storage storage) {
    this.ports = ports;
    this.traffic = traffic;
    this.sizes = sizes;
    this.storage = storage;
    this.clock = ports.clock();
    this.startedAt = clock.instant();
  }

  @Override
  public void declare(Routes routes) {
    routes
        .openGet("/health", this::health)
        .get("/service/health", this::serviceHealth)
        .get("/service/metrics", this::metrics);
  }

  private void health(Context context) {
    String fault = fault();
    context.status(fault == null ? 200 : 503);
    context.json(
        Json.object()
            .put("status", fault == null ? "healthy" : "unhealthy")
            .put("timestamp", Words.instant(clock.instant())));
  }

  private void serviceHealth(Context context) {
    String fault = fault();
    ServiceFigures.Pool pool = ports.health().pool();
    ObjectNode json = Json.object().put("status", fault == null ? "healthy" : "unhealthy");
    ObjectNode database = json.putObject("database");
    String name = ports.health().database();
    if (!name.equals(POSTGRES)) {
      // Clients of this API look for this key.
      database.put(POSTGRES, "not configured");
    }
    database.put(name, fault == null ? "connected" : "unavailable");
    if (fault != null) {
      database.put("error", fault);
    }
    database
        .putObject("connection_pool")
        .put("size", pool.size())
        .put("available", pool.size() - pool.inUse())
        .put("in_use", pool.inUse());
    json.putObject("services")
        .put("workflow_engine", fault == null ? "running" : "held up")
        .put("mcp_servers", mcp());
    json.put("uptime", Duration.between(startedAt, clock.instant()).toSeconds())
        .put("timestamp", Words.instant(clock.instant()));
    context.status(fault == null ? 200 : 503).json(json);
  }

  private void metrics(Context context) {
    ObjectNode json = Json.object();
    json.set("requests", traffic.json());
    Instant today =
        clock
            .instant()
            .atZone(ZoneOffset.UTC)
            .toLocalDate()
            .atStartOfDay()
            .toInstant(ZoneOffset.UTC);
    ExecutionFigures.Totals totals = ports.health().executions().since(today, Seen.owner(context));
    Double average = totals.averageMillis();
    json.putObject("executions")
        .put("active", totals.active())
        .put("completed_today", totals.succeeded())
        .put("failed_today", totals.failed())
        .put("avg_duration_seconds", average == null ? null : (Double) (average / 1000));
    json.putObject("resources")
        .put("cpu_usage", cpuPercent())
        .put("memory_usage_mb", Math.round(memory() / MEGABYTE))
        .put("disk_usage_gb", sizes.of(storage.workspace()).bytes() / GIGABYTE);
    context.json(json);
  }

  private @Nullable String fault() {
    try {
      ports.health().checkWritable();
      return null;
    } catch (WindlassException e) {
      LOG.warn("the store is not well: {}", e.text());
      return e.text();
    }
  }

  private String mcp() {
    try {
      List<McpServer> servers = ports.mcp().list();
      if (servers.isEmpty()) {
        return "none configured";
      }
      boolean any = servers.stream().anyMatch(McpWords::isAvailable);
      return any ? "available" : "unavailable";
    } catch (WindlassException e) {
      return "unavailable";
    }
  }

  /** What this process takes of all processors; null while the system does not tell. */
  private static @Nullable Double cpuPercent() {
    double load =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getProcessCpuLoad()
            : -1;
    return load < 0 || Double.isNaN(load) ? null : Math.round(load * 1000) / 10.0;
  }

  private static long memory() {
    var memory = ManagementFactory.getMemoryMXBean();
    return memory.getHeapMemoryUsage().getUsed() + memory.getNonHeapMemoryUsage().getUsed();
  }
}
