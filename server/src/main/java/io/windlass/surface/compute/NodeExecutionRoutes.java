package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.Executions;
import io.windlass.http.Routes;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The visits of nodes that an execution and what it started made. */
final class NodeExecutionRoutes {
  private final WorkflowPorts ports;
  private final Runs runs;

  NodeExecutionRoutes(WorkflowPorts ports, Runs runs) {
    this.ports = ports;
    this.runs = runs;
  }

  void declare(Routes routes) {
    routes.get("/executions/{id}/node-executions", this::list);
  }

  private void list(Context context) {
    Execution execution = runs.get(context, context.pathParam("id"));
    StepStory story = new StepStory(ports.executions(), execution.id());
    int limit = Seen.number(context, "limit", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    Allowance allowance = Allowance.ofValues();
    Map<ExecutionId, Ran> ran = new HashMap<>();
    ObjectNode json = Json.object().put("execution_id", execution.publicId());
    ArrayNode list = json.putArray("node_executions");
    int place = 0;
    int completed = 0;
    int failed = 0;
    for (StepStory.Visit visit : story.visits()) {
      Ran its = ran.computeIfAbsent(visit.execution(), id -> Ran.of(ports.executions(), id));
      place++;
      String end = visit.end();
      String status = end != null ? end : its.ended() ? "cancelled" : "running";
      completed += status.equals("completed") ? 1 : 0;
      failed += status.equals("failed") ? 1 : 0;
      if (place <= offset || list.size() >= limit) {
        continue;
      }
      Instant ended = visit.endedAt() == null ? its.finishedAt() : visit.endedAt();
      ObjectNode one =
          list.addObject()
              .put("node_execution_id", "ne_" + Runs.digits(execution) + "_" + place)
              .put("node_name", visit.step())
              .put("node_type", its.kinds().getOrDefault(visit.step(), "unknown"))
              .put("status", status)
              .put("started_at", Words.instant(visit.startedAt()))
              .put("completed_at", Words.instantOrNull(ended));
      one.put(
          "duration_seconds",
          ended == null
              ? null
              : WorkflowJson.seconds(Duration.between(visit.startedAt(), ended).toMillis()));
      boolean fits = allowance.takes(its.input());
      one.set("input", fits ? its.input() : Json.tree(null));
      JsonNode output = visit.output();
      one.set("output", output != null && allowance.takes(output) ? output : Json.tree(null));
      one.set(
          "error",
          visit.error() == null
              ? Json.tree(null)
              : ExecutionJson.error(
                  ExecutionJson.type(visit.error(), "StepExecutionError"), visit.error()));
    }
    json.put("total_nodes", place).put("completed_nodes", completed).put("failed_nodes", failed);
    allowance.tell(json);
    context.json(json);
  }

  /** What an execution's nodes have in common, and their kinds. */
  private record Ran(
      boolean ended, @Nullable Instant finishedAt, ObjectNode input, Map<String, String> kinds) {
    static Ran of(Executions executions, ExecutionId id) {
      ExecutionDetail detail = executions.detail(id);
      Execution execution = detail.execution();
      Map<String, String> kinds = HashMap.newHashMap(detail.steps().size());
      detail.steps().forEach(step -> kinds.put(step.id(), step.kind()));
      return new Ran(
          execution.status().isFinal(),
          execution.finishedAt(),
          Runs.inputs(executions, execution),
          kinds);
    }
  }
}
