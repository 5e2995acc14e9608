package io.windlass.surface.compute;

import io.windlass.http.Routes;

/** The routes of workflows, graphs, executions and their steps. */
final class WorkflowRouteGroups implements RouteGroup {
  private final WorkflowPorts ports;

  WorkflowRouteGroups(WorkflowPorts ports) {
    this.ports = ports;
  }

  @Override
  public void declare(Routes routes) {
    var runs = new Runs(ports);
    var starts = new Starts(ports);
    new CheckpointRoutes(ports, runs).declare(routes);
    new WorkflowRoutes(ports).declare(routes);
    new WorkflowRunRoutes(ports, starts).declare(routes);
    new AnalyticsRoutes(ports).declare(routes);
    new GraphRoutes(ports, starts, runs).declare(routes);
    new ExecutionRoutes(ports, runs).declare(routes);
    new NodeExecutionRoutes(ports, runs).declare(routes);
    new StepExecutionRoutes(ports, runs).declare(routes);
  }
}
