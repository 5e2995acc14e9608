package io.windlass.surface.compute;

import io.windlass.approval.Approvals;
import io.windlass.definition.Definitions;
import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.mcp.McpServers;
import java.time.InstantSource;
import java.util.function.ToIntFunction;

/**
 * What the compute surface works on.
 *
 * @param files how many files a run has made
 * @param health what the server's own figures are read from
 */
public record ComputePorts(
    Executions executions,
    Approvals approvals,
    Definitions definitions,
    McpServers mcp,
    Checkpoints checkpoints,
    ToIntFunction<Execution> files,
    ServiceFigures health,
    InstantSource clock) {

  EventSources events(Forecast forecast) {
    return new EventSources(executions, approvals, forecast, files);
  }
}
