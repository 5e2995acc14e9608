package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.execution.StopRequest;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import io.windlass.workflow.RunConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Executions: listing, the views of one as a whole and by its steps, and cancelling it. */
final class ExecutionRoutes {
  private static final int LONGEST_REASON = 500;

  /** How long the end of what has nothing to complete may take. */
  private static final Duration END_AT_ONCE = Duration.ofMillis(300);

  private final WorkflowPorts ports;
  private final Runs runs;
  private final HistoryForecast forecast;

  ExecutionRoutes(WorkflowPorts ports, Runs runs) {
    this.ports = ports;
    this.runs = runs;
    this.forecast = new HistoryForecast(ports);
  }

  void declare(Routes routes) {
    routes
        .get("/executions", this::list)
        .get("/executions/{id}", this::read)
        .get("/executions/{id}/info", this::info)
        .get("/executions/{id}/events", this::events)
        .get("/executions/{id}/steps", this::steps)
        .post("/executions/{id}/cancel", this::cancel);
  }

  private void list(Context context) {
    String slug = Seen.text(context, "workflow_slug");
    Set<ExecutionStatus> statuses = Seen.statuses(context);
    int limit = Seen.number(context, "limit", 50, 1, 500);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    var filter =
        new ExecutionFilter(
            slug == null ? Seen.KINDS : Set.of("workflow"),
            slug,
            statuses,
            Seen.owner(context),
            null,
            null);
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("executions");
    Map<String, Precedents> past = new HashMap<>();
    for (PastRun run : ports.history().runs(filter, limit, offset)) {
      ExecutionDetail detail = runs.detail(run);
      List<StepView> steps = detail.steps();
      ObjectNode one = list.addObject().put("execution_id", run.publicId());
      name(one, run.kind(), run.name())
          .put("status", runs.status(run.id(), run.status(), steps))
          .put("started_at", Words.instant(run.createdAt()))
          .put(
              "progress",
              percentage(
                  detail.execution(),
                  steps,
                  0,
                  it ->
                      forecast.times(
                          it, past.computeIfAbsent(it.name(), _ -> forecast.precedents(it)))));
    }
    context.json(json.put("total", ports.history().count(filter)).put("limit", limit));
  }

  /** Under what name it is known: a workflow's slug, or a graph's name. */
  static ObjectNode name(ObjectNode json, String kind, String name) {
    return kind.equals("workflow")
        ? json.put("workflow_slug", name)
        : json.putNull("workflow_slug").put("graph_name", name);
  }

  private void read(Context context) {
    Execution found = runs.get(context, context.pathParam("id"));
    ExecutionDetail detail = runs.detail(found);
    Execution execution = detail.execution();
    ObjectNode json = Json.object().put("execution_id", execution.publicId());
    String status = runs.status(execution.id(), execution.status(), detail.steps());
    name(json, execution.kind(), execution.name()).put("status", status);
    json.set("progress", progress(detail, status));
    Instant end = execution.finishedAt();
    Instant until = end == null ? ports.clock().instant() : end;
    json.put("started_at", Words.instant(execution.createdAt()))
        .put("estimated_completion", forecast.end(execution).map(Words::instant).orElse(null))
        .put(
            "elapsed_seconds",
            WorkflowJson.seconds(Duration.between(execution.createdAt(), until).toMillis()));
    json.put("completed_at", Words.instantOrNull(end));
    JsonNode metadata = execution.input().path(RunConfig.METADATA);
    json.set("metadata", metadata.isObject() ? metadata : Json.object());
    StopRequest stopping = detail.stopping();
    if (stopping != null) {
      json.putObject("stopping").put("by", stopping.by()).put("at", Words.instant(stopping.at()));
    }
    JsonNode error = ExecutionJson.error(execution, detail);
    if (!error.isNull()) {
      json.set("error", error);
    }
    context.json(json);
  }

  private ObjectNode progress(ExecutionDetail detail, String status) {
    List<StepView> steps = detail.steps();
    StepNumbers numbers = new StepNumbers(steps);
    int current = 0;
    Instant since = null;
    for (StepView step : steps) {
      int number = numbers.of(step.id());
      boolean underWay = step.status() == StepStatus.RUNNING || step.status() == StepStatus.WAITING;
      if (underWay && since == null) {
        current = number;
        since = step.startedAt();
      } else if (since == null && step.startedAt() != null) {
        current = Math.max(current, number);
      }
    }
    Execution execution = detail.execution();
    double running =
        since == null ? 0 : Duration.between(since, ports.clock().instant()).toMillis() / 1000.0;
    return Json.object()
        .put("current_step", current)
        .put("total_steps", steps.size())
        .put(
            "percentage",
            percentage(execution, steps, status.equals("paused") ? 0 : running, forecast::times));
  }

  /**
   * How far it has come.
   *
   * @param running seconds for which what runs has done so; none while a person is waited for
   */
  private static int percentage(
      Execution execution,
      List<StepView> steps,
      double running,
      Function<Execution, StepTimes> times) {
    return execution.status() == ExecutionStatus.SUCCEEDED
        ? 100
        : RunProgress.of(execution, steps, times.apply(execution))
            .percentage(execution.status(), running);
  }

  private void info(Context context) {
    Execution found = runs.get(context, context.pathParam("id"));
    ExecutionDetail detail = runs.detail(found);
    Execution execution = detail.execution();
    StepStory story = new StepStory(ports.executions(), execution.id());
    ObjectNode json = Json.object().put("execution_id", execution.publicId());
    name(json, execution.kind(), execution.name())
        .put("status", runs.status(execution.id(), execution.status(), detail.steps()))
        .put("started_at", Words.instant(execution.createdAt()))
        .put("completed_at", Words.instantOrNull(execution.finishedAt()));
    Long millis = execution.durationMs();
    json.put("duration_seconds", millis == null ? null : Words.seconds(millis));
    json.set("inputs", Runs.inputs(ports.executions(), execution));
    json.set("outputs", execution.result() == null ? Json.object() : execution.result());
    StepNumbers numbers = new StepNumbers(detail.steps());
    ArrayNode steps = json.putArray("steps_completed");
    for (StepView step : detail.steps()) {
      if (step.status() == StepStatus.DONE && step.startedAt() != null) {
        ExecutionJson.Span span = ExecutionJson.span(detail, step, story.of(step.id()));
        steps
            .addObject()
            .put("step_number", numbers.of(step.id()))
            .put("step_name", step.label())
            .put("status", "completed")
            .put("duration_seconds", span.seconds() == null ? 0 : span.seconds())
            .put("started_at", Words.instantOrNull(span.from()))
            .put("completed_at", Words.instantOrNull(span.to()));
      }
    }
    json.set("llm_calls", ExecutionJson.calls(story.calls()));
    ArrayNode checkpoints = json.putArray("checkpoints");
    for (StepStory.Point point : story.points()) {
      checkpoints
          .addObject()
          .put("checkpoint_id", CheckpointList.id(execution, point))
          .put("step_number", numbers.of(point.step()))
          .put("created_at", Words.instant(point.at()));
    }
    JsonNode error = ExecutionJson.error(execution, detail);
    if (!error.isNull()) {
      json.set("error", error);
    }
    context.json(json);
  }

  private void events(Context context) {
    Execution execution = runs.get(context, context.pathParam("id"));
    Set<String> types = Seen.texts(context, "event_type");
    int limit = Seen.number(context, "limit", 100, 1, 1_000);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    EventPage page =
        EventPage.of(
            ports.events(),
            execution.id(),
            event -> types.isEmpty() || types.contains(event.name()),
            limit,
            offset);
    ObjectNode json = Json.object().put("execution_id", execution.publicId());
    ArrayNode list = json.putArray("events");
    page.events()
        .forEach(event -> {
          ObjectNode data = event.data().deepCopy();
          data.remove("execution_id");
          if (event.name().equals("llm_call_completed")) {
            data.set("tokens", data.path("total_tokens"));
            data.set("cost", data.path("cost_usd"));
          }
          list.addObject()
              .put("event_id", event.id())
              .put("event_type", event.name())
              .put("timestamp", Words.instant(event.at()))
              .set("data", data);
        });
    context.json(json.put("total", page.total()).put("limit", limit).put("offset", offset));
  }

  private void steps(Context context) {
    Execution execution = runs.get(context, context.pathParam("id"));
    ExecutionDetail detail = runs.detail(execution);
    StepStory story = new StepStory(ports.executions(), execution.id());
    StepTimes times = forecast.times(execution);
    String digits = Runs.digits(execution);
    ObjectNode json = Json.object().put("execution_id", execution.publicId());
    ArrayNode list = json.putArray("step_executions");
    StepNumbers numbers = new StepNumbers(detail.steps());
    Allowance allowance = Allowance.ofValues();
    for (StepView step : detail.steps()) {
      ObjectNode one =
          ExecutionJson.step(
              digits, detail, step, numbers.of(step.id()), story.of(step.id()), times);
      JsonNode output = step.output();
      if (output != null && allowance.takes(output)) {
        one.set("output", output);
      }
      list.add(one);
    }
    json.put("total_steps", detail.steps().size())
        .put("completed_steps", ExecutionJson.count(detail, "completed"))
        .put("failed_steps", ExecutionJson.count(detail, "failed"))
        .put("running_steps", ExecutionJson.count(detail, "running"));
    allowance.tell(json);
    context.json(json);
  }

  private void cancel(Context context) throws InterruptedException {
    Execution execution = runs.get(context, context.pathParam("id"));
    ObjectNode body = Starts.body(context);
    // The one answer that the document has is that of a graceful end.
    boolean graceful = Fields.flag(body, "graceful", true);
    String by = by(Seen.user(context), Fields.text(body, "reason"));
    Execution told =
        graceful
            ? stopped(ports.executions().stop(execution.id(), by))
            : ports.executions().cancel(execution.id(), by);
    context.json(
        Json.object()
            .put("execution_id", execution.publicId())
            .put("status", graceful ? "cancelling" : "cancelled")
            .put(
                "message",
                !graceful
                    ? "Execution cancelled."
                    : told.status().isFinal()
                        ? "Execution cancellation initiated. No step was running: it has ended."
                        : "Execution cancellation initiated. Current step will complete before stopping.")
            .put("cancelled_at", Words.instant(ports.clock().instant())));
  }

  /** Where no step runs, the end is but a moment away. */
  private Execution stopped(Execution execution) throws InterruptedException {
    boolean idle =
        runs.detail(execution).steps().stream()
            .noneMatch(step -> step.status() == StepStatus.RUNNING);
    return idle && !execution.status().isFinal()
        ? ports.executions().awaitEnd(execution.id(), END_AT_ONCE).orElse(execution)
        : execution;
  }

  private static String by(String user, @Nullable String reason) {
    String why = reason == null ? "" : reason.strip();
    return why.isEmpty()
        ? user
        : user + ": " + (why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) : why);
  }
}
