package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.workflow.RunConfig;
import io.windlass.workflow.WorkflowStep;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Steps of executions: listing those under way, one in full, and cancelling one. */
final class StepExecutionRoutes {
  private static final Pattern ID = Pattern.compile("stepexec_([0-9a-f]{8,64})_(\\d{1,6})");
  private static final Set<String> STATUSES =
      Set.of("pending", "running", "completed", "failed", "retrying", "skipped", "cancelled");
  private static final Set<String> ACTIVE = Set.of("running", "retrying");

  /** So many executions are looked through, the newest. */
  private static final int RUNS = 500;

  private final WorkflowPorts ports;
  private final Runs runs;

  StepExecutionRoutes(WorkflowPorts ports, Runs runs) {
    this.ports = ports;
    this.runs = runs;
  }

  void declare(Routes routes) {
    routes
        .get("/step-executions", this::list)
        .get("/step-executions/{id}", this::read)
        .post("/step-executions/{id}/cancel", this::cancel);
  }

  private void list(Context context) {
    Set<String> wanted = wanted(Seen.texts(context, "status"));
    String id = Seen.text(context, "execution_id");
    int limit = Seen.number(context, "limit", 50, 1, 500);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("step_executions");
    int total = 0;
    for (ExecutionDetail detail : details(context, id, ACTIVE.containsAll(wanted))) {
      StepNumbers numbers = new StepNumbers(detail.steps());
      // Only of what runs the journal knows more: whether it is being tried again.
      StepStory story =
          detail.steps().stream().anyMatch(step -> step.status() == StepStatus.RUNNING)
              ? new StepStory(ports.executions(), detail.execution().id())
              : null;
      for (StepView step : detail.steps()) {
        String status =
            ExecutionJson.status(detail, step, story == null ? null : story.of(step.id()));
        if (wanted.contains(status)) {
          if (total >= offset && list.size() < limit) {
            list.add(listed(detail, step, numbers.of(step.id()), status));
          }
          total++;
        }
      }
    }
    context.json(json.put("total", total).put("limit", limit));
  }

  private static Set<String> wanted(Set<String> words) {
    Set<String> wanted = new HashSet<>();
    for (String word : words) {
      switch (word) {
        case "all" -> wanted.addAll(STATUSES);
        case "active" -> wanted.addAll(ACTIVE);
        default -> {
          if (!STATUSES.contains(word)) {
            String known = STATUSES.stream().sorted().collect(Collectors.joining(", "));
            throw Seen.bad("status", word, "one of " + known + ", active, all");
          }
          wanted.add(word);
        }
      }
    }
    return wanted.isEmpty() ? ACTIVE : wanted;
  }

  private Iterable<ExecutionDetail> details(
      Context context, @Nullable String id, boolean activeOnly) {
    if (id != null) {
      return List.of(runs.detail(runs.get(context, id)));
    }
    var all = Seen.workflowRuns(context, Seen.text(context, "workflow_slug"), null, null);
    Set<ExecutionStatus> statuses =
        activeOnly
            ? Set.of(ExecutionStatus.QUEUED, ExecutionStatus.RUNNING, ExecutionStatus.WAITING)
            : Set.of();
    var filter =
        new io.windlass.execution.ExecutionFilter(
            all.kinds(), all.name(), statuses, all.owner(), null, null);
    // One at a time: each may be long.
    return ports.history().runs(filter, RUNS, 0).stream().map(runs::detail)::iterator;
  }

  private ObjectNode listed(ExecutionDetail detail, StepView step, int number, String status) {
    Execution execution = detail.execution();
    Instant from = step.startedAt();
    Instant to = step.finishedAt() == null ? ports.clock().instant() : step.finishedAt();
    return Json.object()
        .put("step_execution_id", ExecutionJson.stepId(Runs.digits(execution), number))
        .put("execution_id", execution.publicId())
        .put("step_number", number)
        .put("step_name", step.label())
        .put("status", status)
        .put("started_at", Words.instantOrNull(from))
        .put(
            "elapsed_seconds",
            from == null ? 0 : WorkflowJson.seconds(Duration.between(from, to).toMillis()));
  }

  /** A step with its execution. */
  private record Found(ExecutionDetail detail, StepView step, int number) {}

  private Found find(Context context) {
    String id = context.pathParam("id");
    Matcher parts = ID.matcher(id);
    if (!parts.matches()) {
      throw Seen.missing("step execution", id);
    }
    int number = Integer.parseInt(parts.group(2));
    Execution execution =
        Optional.of("wfexec_" + parts.group(1))
            .flatMap(ports.executions()::find)
            .or(() -> ports.executions().find("exec_" + parts.group(1)))
            .filter(found -> Seen.sees(context, found))
            .orElseThrow(() -> Seen.missing("step execution", id));
    ExecutionDetail detail = runs.detail(execution);
    StepNumbers numbers = new StepNumbers(detail.steps());
    return detail.steps().stream()
        .filter(step -> numbers.of(step.id()) == number)
        .map(step -> new Found(detail, step, number))
        .findFirst()
        .orElseThrow(() -> Seen.missing("step execution", id));
  }

  private void read(Context context) {
    Found found = find(context);
    Execution execution = found.detail().execution();
    StepView step = found.step();
    StepStory.Told told = new StepStory(ports.executions(), execution.id()).of(step.id());
    ExecutionJson.Span span = ExecutionJson.span(found.detail(), step, told);
    WorkflowStep written =
        new HistoryForecast(ports)
            .workflow(execution)
            .flatMap(workflow -> workflow.step(found.number()))
            .orElse(null);
    Duration timeout = written == null ? null : RunConfig.timeout(written, execution.input());
    ObjectNode json =
        Json.object()
            .put("step_execution_id", ExecutionJson.stepId(Runs.digits(execution), found.number()))
            .put("execution_id", execution.publicId());
    ExecutionRoutes.name(json, execution.kind(), execution.name())
        .put("step_number", found.number())
        .put("step_name", step.label())
        .put("status", ExecutionJson.status(found.detail(), step, told))
        .put("started_at", Words.instantOrNull(span.from()))
        .put("completed_at", Words.instantOrNull(span.to()))
        .put("duration_seconds", span.seconds())
        .put("timeout_seconds", timeout == null ? null : timeout.toMillis() / 1000.0)
        .put("retry_count", told.retries)
        .put("max_retries", written == null ? 0 : RunConfig.maxRetries(written, execution.input()))
        .put("parallel_execution", written != null && written.isParallel());
    json.set("input", Runs.inputs(ports.executions(), execution));
    json.set("output", step.output() == null ? Json.tree(null) : step.output());
    ArrayNode calls = json.putArray("llm_calls");
    for (ModelCall call : told.calls) {
      calls
          .addObject()
          .put("model", call.model())
          .put("tokens", call.totalTokens())
          .put("cost_usd", call.costUsd())
          .put("latency_ms", call.millis());
    }
    json.set("mcp_tools_used", Json.tree(told.tools));
    OptionalDouble latency =
        told.calls.stream()
            .filter(call -> call.millis() != null)
            .mapToLong(call -> call.millis() == null ? 0 : call.millis())
            .average();
    json.set(
        "metrics",
        Json.object()
            .put("total_tokens", told.tokens())
            .put("total_cost_usd", told.cost())
            .put("avg_latency_ms", latency.isPresent() ? Math.round(latency.getAsDouble()) : null));
    json.set(
        "error",
        step.error() == null
            ? Json.tree(null)
            : ExecutionJson.error(
                ExecutionJson.type(step.error(), "StepExecutionError"), step.error()));
    context.json(json);
  }

  /** The others wait for its result, so the execution is cancelled with it. */
  private void cancel(Context context) {
    Found found = find(context);
    Execution execution = found.detail().execution();
    String status = ExecutionJson.status(found.detail(), found.step(), null);
    String id = ExecutionJson.stepId(Runs.digits(execution), found.number());
    if (!ACTIVE.contains(status)) {
      throw new WindlassException(
          ErrorCode.WRONG_STATE,
          "Step execution %s is %s: only a running one can be cancelled".formatted(id, status));
    }
    ports
        .executions()
        .cancel(execution.id(), "%s: step %d".formatted(Seen.user(context), found.number()));
    context.json(
        Json.object()
            .put("step_execution_id", id)
            .put("status", "cancelled")
            .put("message", "Step execution cancelled successfully")
            .put("cancelled_at", Words.instant(ports.clock().instant())));
  }
}
