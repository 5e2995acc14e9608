package io.windlass.surface.chains;

import io.windlass.approval.Approvals;
import io.windlass.definition.Definitions;
import io.windlass.engine.OpenQuestions;
import io.windlass.execution.Executions;
import io.windlass.generation.ChainGenerator;
import io.windlass.http.Cors;
import io.windlass.http.ErrorRenderer;
import io.windlass.http.Routes;
import io.windlass.http.Surface;
import io.windlass.kernel.Json;
import io.windlass.schedule.Schedules;
import java.util.Map;
import java.util.Set;

/** The API for chains and pipelines; its own port is 4242. */
public final class ChainsSurface implements Surface {
  static final String CHAIN = "chain";
  static final String PIPELINE = "pipeline";
  static final Set<String> KINDS = Set.of(CHAIN, PIPELINE);
  static final String NAME = "chains";

  /** What ids of pipelines' executions begin with. */
  static final String PIPELINE_PREFIX = "pip_";

  private final Executions executions;
  private final Approvals approvals;
  private final Definitions definitions;
  private final Schedules schedules;
  private final ChainGenerator generator;
  private final ChainsConfig config;

  public ChainsSurface(
      Executions executions,
      Approvals approvals,
      Definitions definitions,
      Schedules schedules,
      ChainGenerator generator,
      ChainsConfig config) {
    this.executions = executions;
    this.approvals = approvals;
    this.definitions = definitions;
    this.schedules = schedules;
    this.generator = generator;
    this.config = config;
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
    return fault ->
        new ErrorRenderer.Body(
            fault.status(), "application/json", Json.tree(Map.of("error", fault.message())));
  }

  @Override
  public void routes(Routes routes) {
    var lookup = new Lookup(executions);
    var limit = ChainsConfig.admission(config.maxConcurrent());
    new DefinitionRoutes(definitions).declare(routes);
    new ExecutionRoutes(executions, lookup, limit).declare(routes);
    new ResumeRoute(executions, approvals, lookup, limit).declare(routes);
    new StreamRoute(executions, lookup).declare(routes);
    new ApprovalRoutes(approvals, new OpenQuestions(executions, approvals), lookup).declare(routes);
    new ScheduleRoutes(schedules, executions, limit).declare(routes);
    new PipelineRoutes(executions, definitions, lookup).declare(routes);
    new GenerationRoutes(generator).declare(routes);
    new DownloadRoute(config.workspace(), config.home()).declare(routes);
    new ImageRoute(config.workspace().resolve("images")).declare(routes);
    routes.openGet(
        "/health",
        context -> context.json(new HealthJson(true, config.version(), executions.running(KINDS))));
  }

  private record HealthJson(boolean ok, String version, int runningExecutions) {}
}
