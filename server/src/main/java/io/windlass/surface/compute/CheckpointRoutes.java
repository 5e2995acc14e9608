package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists the checkpoints of executions. */
final class CheckpointRoutes {
  /** So many characters of results one answer holds, shared evenly by its checkpoints. */
  private static final long RESULTS = 4_000_000;

  private final CheckpointList checkpoints;
  private final Runs runs;

  CheckpointRoutes(WorkflowPorts ports, Runs runs) {
    this.checkpoints = new CheckpointList(ports);
    this.runs = runs;
  }

  void declare(Routes routes) {
    routes.get("/workflows/checkpoints", this::list);
  }

  private void list(Context context) {
    @Nullable String slug = Seen.text(context, "workflow_slug");
    @Nullable String id = Seen.text(context, "execution_id");
    int limit = Seen.number(context, "limit", 50, 1, 200);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    CheckpointList.Part part =
        id == null
            ? checkpoints.of(Seen.workflowRuns(context, slug, null, null), limit, offset)
            : ofOne(runs.get(context, id), slug, limit, offset);
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("checkpoints");
    long share = RESULTS / Math.max(1, part.checkpoints().size());
    part.checkpoints().forEach(one -> list.add(json(one, share)));
    context.json(json.put("total", part.total()).put("limit", limit).put("offset", offset));
  }

  private CheckpointList.Part ofOne(
      Execution execution, @Nullable String slug, int limit, int offset) {
    if (slug != null && !slug.equals(execution.name())) {
      return new CheckpointList.Part(List.of(), 0);
    }
    return checkpoints.of(runs.detail(execution), limit, offset);
  }

  private static ObjectNode json(CheckpointList.Checkpoint one, long share) {
    ObjectNode json =
        Json.object()
            .put("checkpoint_id", one.id())
            .put("execution_id", one.execution().publicId());
    ExecutionRoutes.name(json, one.execution().kind(), one.execution().name())
        .put("step_number", one.number())
        .put("step_name", one.label())
        .put("created_at", Words.instant(one.at()));
    json.set("state_snapshot", one.state(share));
    return json.put("resumable", one.isResumable());
  }
}
