package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.http.Routes;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.workflow.RunConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Executions: listing, every view of one, and cancelling it. */
final class ExecutionRoutes {
  private static final int LONGEST_REASON = 500;
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
        .get("/executions/{id}/node-executions", this::nodes)
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
    for (PastRun run : ports.history().runs(filter, limit, offset)) {
      List<StepView> steps =
          run.status().isFinal() ? run.steps() : ports.executions().detail(run.id()).steps();
      ObjectNode one = list.addObject().put("execution_id", run.publicId());
      name(one, run.kind(), run.name())
          .put("status", runs.status(run.id(), run.status(), steps))
          .put("started_at", Words.instant(run.createdAt()))
          .put("progress", run.status() == ExecutionStatus.SUCCEEDED ? 100 : share(steps));
    }
    context.json(json.put("total", ports.history().count(filter)).put("limit", limit));
  }

  private static int share(List<StepView> steps) {
    long done = steps.stream().filter(step -> isOver(step.status())).count();
    return steps.isEmpty() ? 0 : (int) (done * 100 / steps.size());
  }

  private static boolean isOver(StepStatus status) {
    return status == StepStatus.DONE || status == StepStatus.SKIPPED;
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
    name(json, execution.kind(), execution.name())
        .put("status", runs.status(execution.id(), execution.status(), detail.steps()));
    json.set("progress", progress(detail));
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
    JsonNode error = ExecutionJson.error(execution, detail);
    if (!error.isNull()) {
      json.set("error", error);
    }
    context.json(json);
  }

  private ObjectNode progress(ExecutionDetail detail) {
    List<StepView> steps = detail.steps();
    int current = 0;
    Instant since = null;
    for (StepView step : steps) {
      int number = ExecutionJson.number(steps, step);
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
    int percentage =
        execution.status() == ExecutionStatus.SUCCEEDED
            ? 100
            : execution.status().isFinal()
                ? doneShare(steps)
                : forecast.times(execution).percentage(steps, running);
    return Json.object()
        .put("current_step", current)
        .put("total_steps", steps.size())
        .put("percentage", percentage);
  }

  /** After an end before the end, what was cut off does not count as done. */
  private static int doneShare(List<StepView> steps) {
    long done = steps.stream().filter(step -> step.status() == StepStatus.DONE).count();
    return steps.isEmpty() ? 0 : (int) (done * 100 / steps.size());
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
    json.set("inputs", RunConfig.inputs(execution.input()));
    json.set("outputs", execution.result() == null ? Json.object() : execution.result());
    ArrayNode steps = json.putArray("steps_completed");
    for (StepView step : detail.steps()) {
      if (step.status() == StepStatus.DONE && step.startedAt() != null) {
        Long took = step.durationMs();
        steps
            .addObject()
            .put("step_number", ExecutionJson.number(detail.steps(), step))
            .put("step_name", step.label())
            .put("status", "completed")
            .put("duration_seconds", took == null ? 0 : Words.seconds(took))
            .put("started_at", Words.instant(step.startedAt()))
            .put("completed_at", Words.instantOrNull(step.finishedAt()));
      }
    }
    json.set("llm_calls", ExecutionJson.calls(story.calls()));
    ArrayNode checkpoints = json.putArray("checkpoints");
    for (CheckpointList.Checkpoint one : new CheckpointList(ports).of(execution).reversed()) {
      checkpoints
          .addObject()
          .put("checkpoint_id", one.id())
          .put("step_number", one.number())
          .put("created_at", Words.instant(one.at()));
    }
    JsonNode error = ExecutionJson.error(execution, detail);
    if (!error.isNull()) {
      json.set("error", error);
    }
    context.json(json);
  }

  private void nodes(Context context) {
    Execution execution = runs.get(context, context.pathParam("id"));
    StepStory story = new StepStory(ports.executions(), execution.id());
    Map<ExecutionId, ExecutionDetail> details = new HashMap<>();
    ObjectNode json = Json.object().put("execution_id", execution.publicId());
    ArrayNode list = json.putArray("node_executions");
    int place = 0;
    int completed = 0;
    int failed = 0;
    for (StepStory.Visit visit : story.visits()) {
      ExecutionDetail detail =
          details.computeIfAbsent(visit.execution(), id -> ports.executions().detail(id));
      place++;
      String end = visit.end();
      String status =
          end != null ? end : detail.execution().status().isFinal() ? "cancelled" : "running";
      completed += status.equals("completed") ? 1 : 0;
      failed += status.equals("failed") ? 1 : 0;
      ObjectNode one =
          list.addObject()
              .put("node_execution_id", "ne_" + Runs.digits(execution) + "_" + place)
              .put("node_name", visit.step())
              .put("node_type", kind(detail, visit.step()))
              .put("status", status)
              .put("started_at", Words.instant(visit.startedAt()))
              .put("completed_at", Words.instantOrNull(visit.endedAt()));
      Instant ended = visit.endedAt();
      one.put(
          "duration_seconds",
          ended == null
              ? null
              : WorkflowJson.seconds(Duration.between(visit.startedAt(), ended).toMillis()));
      one.set("input", RunConfig.inputs(detail.execution().input()));
      one.set("output", visit.output() == null ? Json.tree(null) : visit.output());
      one.set(
          "error",
          visit.error() == null
              ? Json.tree(null)
              : ExecutionJson.error("ExecutionError", visit.error()));
    }
    context.json(
        json.put("total_nodes", place)
            .put("completed_nodes", completed)
            .put("failed_nodes", failed));
  }

  private static String kind(ExecutionDetail detail, String step) {
    return detail.steps().stream()
        .filter(view -> view.id().equals(step))
        .map(StepView::kind)
        .findFirst()
        .orElse("unknown");
  }

  private void events(Context context) {
    Execution execution = runs.get(context, context.pathParam("id"));
    Set<String> types = Seen.texts(context, "event_type");
    int limit = Seen.number(context, "limit", 100, 1, 1_000);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    List<ComputeEvent> all =
        EventFollower.past(ports.events(), execution.id()).stream()
            .filter(event -> types.isEmpty() || types.contains(event.name()))
            .toList();
    ObjectNode json = Json.object().put("execution_id", execution.publicId());
    ArrayNode list = json.putArray("events");
    all.stream()
        .skip(offset)
        .limit(limit)
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
    context.json(json.put("total", all.size()).put("limit", limit).put("offset", offset));
  }

  private void steps(Context context) {
    Execution execution = runs.get(context, context.pathParam("id"));
    ExecutionDetail detail = runs.detail(execution);
    StepStory story = new StepStory(ports.executions(), execution.id());
    StepTimes times = forecast.times(execution);
    String digits = Runs.digits(execution);
    ObjectNode json = Json.object().put("execution_id", execution.publicId());
    ArrayNode list = json.putArray("step_executions");
    detail
        .steps()
        .forEach(step -> list.add(ExecutionJson.step(digits, detail, step, story, times)));
    context.json(
        json.put("total_steps", detail.steps().size())
            .put("completed_steps", ExecutionJson.count(detail, "completed"))
            .put("failed_steps", ExecutionJson.count(detail, "failed"))
            .put("running_steps", ExecutionJson.count(detail, "running")));
  }

  private void cancel(Context context) {
    Execution execution = runs.get(context, context.pathParam("id"));
    ObjectNode body = Starts.body(context);
    boolean graceful = Fields.flag(body, "graceful", false);
    String by = by(Seen.user(context), Fields.text(body, "reason"));
    if (graceful) {
      ports.executions().stop(execution.id(), by);
    } else {
      ports.executions().cancel(execution.id(), by);
    }
    context.json(
        Json.object()
            .put("execution_id", execution.publicId())
            .put("status", graceful ? "cancelling" : "cancelled")
            .put(
                "message",
                graceful
                    ? "Execution cancellation initiated. Current step will complete before stopping."
                    : "Execution cancelled.")
            .put("cancelled_at", Words.instant(ports.clock().instant())));
  }

  private static String by(String user, @Nullable String reason) {
    String why = reason == null ? "" : reason.strip();
    return why.isEmpty()
        ? user
        : user + ": " + (why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) : why);
  }
}
