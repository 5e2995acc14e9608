package io.windlass.surface.unified;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the unified surface is told about the server that it stands in.
 *
 * @param version the server's version
 * @param kinds the kinds of definition that can be run
 * @param documents the surfaces and their documents, in the order of the landing page
 * @param checks what {@code /health} asks, beside answering itself
 * @param artifacts knows the files that runs made
 * @param mcpServers tells how the MCP servers of others stand
 * @param heartbeat how long an event stream may be silent
 */
public record UnifiedConfig(
    String version,
    Map<String, KindRules> kinds,
    List<ApiDocument> documents,
    List<HealthCheck> checks,
    Artifacts artifacts,
    Supplier<McpServersJson> mcpServers,
    Duration heartbeat) {
  public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(15);

  /** This surface's own document. */
  public static final String DOCUMENT = "/openapi/unified.yaml";

  public UnifiedConfig {
    kinds = new TreeMap<>(kinds);
    documents = List.copyOf(documents);
    checks = List.copyOf(checks);
  }
}
