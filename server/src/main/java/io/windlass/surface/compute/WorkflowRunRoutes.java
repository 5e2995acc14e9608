package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.http.Routes;
import io.windlass.http.Sse;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.workflow.RunConfig;
import io.windlass.workflow.WorkflowStep;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Running workflows, and what a client has to know before it does. */
final class WorkflowRunRoutes {
  private final WorkflowPorts ports;
  private final Starts starts;

  WorkflowRunRoutes(WorkflowPorts ports, Starts starts) {
    this.ports = ports;
    this.starts = starts;
  }

  void declare(Routes routes) {
    routes
        .post("/workflows/{slug}/execute", this::execute)
        .post("/workflows/{slug}/execute/stream", this::stream)
        .get("/executions/{id}/stream", this::follow)
        .get("/workflows/{slug}/input-fields", this::inputFields)
        .post("/workflows/{slug}/validate-input", this::validate)
        .get("/workflows/{slug}/steps", this::steps)
        .get("/workflows/{slug}/steps/{number}", this::step)
        .get("/workflows/{slug}/misc", this::misc);
  }

  private void execute(Context context) {
    Execution execution = starts.workflow(context, Starts.body(context));
    String id = execution.publicId();
    context.status(202);
    context.json(
        Json.object()
            .put("execution_id", id)
            .put("workflow_slug", execution.name())
            .put("status", "initializing")
            .put("started_at", Words.instant(execution.createdAt()))
            .put(
                "estimated_completion",
                new HistoryForecast(ports).end(execution).map(Words::instant).orElse(null))
            .put("websocket_url", "/executions?execution_id=" + id)
            .put(
                "message",
                "Workflow execution started. Use /executions/%s to track progress.".formatted(id)));
  }

  private void stream(Context context) throws IOException, InterruptedException {
    Execution execution = starts.workflow(context, Starts.body(context));
    context.res().setHeader("X-Execution-Id", execution.publicId());
    show(context, execution);
  }

  private void follow(Context context) throws IOException, InterruptedException {
    show(context, new Runs(ports).get(context, context.pathParam("id")));
  }

  private void show(Context context, Execution execution) throws IOException, InterruptedException {
    var frames = new EventFrames(Sse.open(context), lastEventId(context));
    new EventFollower(ports.events(), execution.id(), frames).follow();
  }

  /** Only ids that this surface gives out count; with another one everything is shown again. */
  private static @Nullable String lastEventId(Context context) {
    String given = context.header("Last-Event-ID");
    String id = given == null ? context.queryParam("lastEventId") : given;
    return id != null && id.startsWith("evt_") ? id.strip() : null;
  }

  private void inputFields(Context context) {
    WorkflowRoutes.Found found = find(context);
    ObjectNode json = Json.object().put("workflow_slug", found.definition().name());
    json.set("input_fields", WorkflowJson.fields(found.workflow().form()));
    json.set("json_schema", found.workflow().form().jsonSchema());
    context.json(json);
  }

  private void validate(Context context) {
    WorkflowRoutes.Found found = find(context);
    ObjectNode inputs = Starts.inputs(Starts.body(context), null);
    List<Fault> faults = found.workflow().form().faults(RunConfig.inputs(inputs));
    if (faults.isEmpty()) {
      context.json(Json.object().put("valid", true).put("message", "Input validation successful"));
      return;
    }
    ObjectNode json = Json.object().put("valid", false);
    ArrayNode errors = json.putArray("errors");
    faults.forEach(
        fault -> errors.addObject().put("field", fault.path()).put("message", fault.reason()));
    context.json(json);
  }

  private void steps(Context context) {
    WorkflowRoutes.Found found = find(context);
    ObjectNode json =
        Json.object()
            .put("workflow_slug", found.definition().name())
            .put("total_steps", found.workflow().steps().size());
    ArrayNode steps = json.putArray("steps");
    found.workflow().steps().forEach(step -> steps.add(WorkflowJson.step(step)));
    context.json(json);
  }

  private void step(Context context) {
    WorkflowRoutes.Found found = find(context);
    String given = context.pathParam("number");
    if (!given.matches("-?\\d{1,9}")) {
      throw Seen.bad("step_number", given, "a whole number from 1 on");
    }
    WorkflowStep step =
        found
            .workflow()
            .step(Integer.parseInt(given))
            .orElseThrow(() ->
                WindlassException.notFound(
                    io.windlass.kernel.ErrorCode.NOT_FOUND,
                    "The workflow \"%s\" has no step %s: it has %d"
                        .formatted(
                            found.definition().name(), given, found.workflow().steps().size())));
    context.json(WorkflowJson.wholeStep(step));
  }

  private void misc(Context context) {
    WorkflowRoutes.Found found = find(context);
    ObjectNode json = Json.object().put("workflow_slug", found.definition().name());
    json.set("misc_data", found.workflow().miscData());
    context.json(json);
  }

  private WorkflowRoutes.Found find(Context context) {
    return WorkflowRoutes.find(ports, context.pathParam("slug"));
  }
}
