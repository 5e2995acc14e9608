package io.windlass.surface.unified;

import io.windlass.budget.Budgets;
import io.windlass.http.ErrorRenderer;
import io.windlass.http.Routes;
import io.windlass.http.Surface;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** One API over every kind of work, and the server's own pages: port 7070. */
public final class UnifiedSurface implements Surface {
  /** Also what executions and decisions made here tell as their origin. */
  public static final String NAME = "unified";

  private static final Duration CHECK_LIMIT = Duration.ofSeconds(3);
  private final Meters meters;
  private final Health health;
  private final LandingPage landing;
  private final SwaggerUi viewer;
  private final ExecutionRoutes executions;
  private final EventRoutes events;
  private final ApprovalRoutes approvals;
  private final DefinitionRoutes definitions;
  private final PlanRoutes plans;
  private final ScheduleRoutes schedules;
  private final BudgetRoutes budgets;
  private final FigureRoutes figures;
  private final McpRoutes mcp;
  private final Supplier<McpServersJson> mcpServers;

  public UnifiedSurface(
      EnginePorts engine,
      UnifiedConfig config,
      Budgets budgets,
      Meters meters,
      InstantSource clock) {
    this.meters = meters;
    this.health = new Health(config.version(), config.checks(), CHECK_LIMIT);
    this.landing = new LandingPage(config.version(), config.documents());
    this.viewer = new SwaggerUi(config.documents());
    this.executions =
        new ExecutionRoutes(
            engine, config.kinds(), config.artifacts(), ReplayArchive.Limits.DEFAULT, clock);
    this.events = new EventRoutes(engine.executions(), config.heartbeat());
    this.approvals = new ApprovalRoutes(engine.approvals(), engine.executions());
    var paths = new DefinitionPaths(engine.definitions(), config.kinds());
    this.definitions = new DefinitionRoutes(paths);
    this.plans = new PlanRoutes(paths);
    this.schedules = new ScheduleRoutes(engine, config.kinds());
    this.budgets = new BudgetRoutes(budgets);
    this.figures = new FigureRoutes(engine, config.kinds());
    this.mcpServers = config.mcpServers();
    this.mcp = new McpRoutes(config.version(), new McpTools(engine, config.kinds()).all());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ErrorRenderer errors() {
    return Problem::render;
  }

  @Override
  public void routes(Routes routes) {
    routes
        .openGet("/", landing::answer)
        .openGet("/health", health::answer)
        .openGet("/openapi", viewer::page)
        .openGet("/openapi/{document}", viewer::document)
        .openGet("/openapi/assets/{file}", viewer::asset)
        .get(
            "/metrics",
            context ->
                context
                    .contentType("text/plain; version=0.0.4; charset=utf-8")
                    .result(meters.scrape()));
    executions.declare(routes);
    events.declare(routes);
    approvals.declare(routes);
    definitions.declare(routes);
    plans.declare(routes);
    schedules.declare(routes);
    budgets.declare(routes);
    figures.declare(routes);
    mcp.declare(routes);
    routes.get("/v1/mcp-servers", context -> context.json(mcpServers.get()));
  }
}
