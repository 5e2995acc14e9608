package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepView;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The points from which executions of workflows can go on: one after each step that was done. */
final class CheckpointRoutes {
  /** So many runs are looked through, the newest. */
  private static final int RUNS = 500;

  private final WorkflowPorts ports;
  private final Runs runs;

  CheckpointRoutes(WorkflowPorts ports, Runs runs) {
    this.ports = ports;
    this.runs = runs;
  }

  void declare(Routes routes) {
    routes.get("/workflows/checkpoints", this::list);
  }

  /** A checkpoint with its execution. */
  private record Found(Execution execution, ExecutionDetail detail, int place) {}

  private void list(Context context) {
    @Nullable String slug = Seen.text(context, "workflow_slug");
    @Nullable String id = Seen.text(context, "execution_id");
    int limit = Seen.number(context, "limit", 50, 1, 200);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("checkpoints");
    int total = 0;
    for (PastRun run : runs(context, slug, id)) {
      Execution execution = ports.executions().get(run.id());
      List<StepStory.Point> points =
          new ArrayList<>(new StepStory(ports.executions(), run.id()).points());
      ExecutionDetail detail = runs.detail(execution);
      for (int i = points.size() - 1; i >= 0; i--) {
        if (total >= offset && list.size() < limit) {
          list.add(json(new Found(execution, detail, i), points));
        }
        total++;
      }
    }
    context.json(json.put("total", total).put("limit", limit).put("offset", offset));
  }

  private List<PastRun> runs(Context context, @Nullable String slug, @Nullable String id) {
    List<PastRun> found =
        ports.history().runs(Seen.workflowRuns(context, slug, null, null), RUNS, 0);
    if (id == null) {
      return found;
    }
    Execution execution = runs.get(context, id);
    return ports
        .history()
        .runs(
            new ExecutionFilter(
                Set.of(execution.kind()),
                slug == null ? execution.name() : slug,
                Set.of(),
                null,
                execution.createdAt(),
                execution.createdAt().plusMillis(1)),
            RUNS,
            0)
        .stream()
        .filter(run -> run.id().equals(execution.id()))
        .toList();
  }

  private static ObjectNode json(Found found, List<StepStory.Point> points) {
    StepStory.Point point = points.get(found.place());
    Execution execution = found.execution();
    ObjectNode json =
        Json.object()
            .put("checkpoint_id", id(Runs.digits(execution), point))
            .put("execution_id", execution.publicId())
            .put("workflow_slug", execution.name())
            .put("step_number", number(found.detail(), point))
            .put("step_name", label(found.detail(), point))
            .put("created_at", Words.instant(point.at()));
    ObjectNode state = json.putObject("state_snapshot");
    ArrayNode completed = state.putArray("completed_steps");
    ObjectNode results = Json.object();
    for (StepStory.Point before : points.subList(0, found.place() + 1)) {
      completed.add(number(found.detail(), before));
      results.set(before.step(), before.output());
    }
    state.put("current_step", number(found.detail(), point));
    state.set("intermediate_results", results);
    ExecutionStatus status = execution.status();
    return json.put(
        "resumable", status == ExecutionStatus.FAILED || status == ExecutionStatus.CANCELLED);
  }

  static String id(String digits, StepStory.Point point) {
    return "cp_" + digits + "_" + point.number();
  }

  static int number(ExecutionDetail detail, StepStory.Point point) {
    return view(detail, point) == null
        ? 0
        : ExecutionJson.number(
            detail.steps(), java.util.Objects.requireNonNull(view(detail, point)));
  }

  private static String label(ExecutionDetail detail, StepStory.Point point) {
    StepView view = view(detail, point);
    return view == null ? point.step() : view.label();
  }

  private static @Nullable StepView view(ExecutionDetail detail, StepStory.Point point) {
    return detail.steps().stream()
        .filter(step -> step.id().equals(point.step()))
        .findFirst()
        .orElse(null);
  }
}
