package io.windlass.surface.compute;

import io.windlass.mcp.McpServers;
import java.time.InstantSource;

/**
 * What the compute surface works on.
 *
 * @param runs what is run, and how it went
 * @param health what the server's own figures are read from
 */
public record ComputePorts(
    WorkflowPorts runs, McpServers mcp, ServiceFigures health, InstantSource clock) {}
