package io.windlass.surface.compute;

import io.windlass.definition.Definition;
import io.windlass.execution.Tally;
import io.windlass.kernel.Json;
import io.windlass.workflow.InputForm;
import io.windlass.workflow.Workflow;
import io.windlass.workflow.WorkflowStep;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How this surface shows workflows and their steps. */
final class WorkflowJson {
  private WorkflowJson() {}

  /** Its id, which stays the same as long as its slug. */
  static String id(String slug) {
    UUID id = UUID.nameUUIDFromBytes(("workflow/" + slug).getBytes(StandardCharsets.UTF_8));
    return "wf_" + id.toString().replace("-", "").substring(0, 12);
  }

  /**
   * What lists show.
   *
   * @param first its first version
   */
  static ObjectNode listed(
      Definition definition, Definition first, Workflow workflow, Tally tally) {
    ObjectNode json = head(Json.object(), definition.name(), workflow);
    return times(json, first, definition)
        .put("execution_count", tally.total())
        .put("avg_duration_seconds", seconds(tally.averageMs()))
        .put("success_rate", rate(tally.successRate()));
  }

  /** All of it. */
  static ObjectNode whole(Definition definition, Definition first, Workflow workflow, Tally tally) {
    ObjectNode json =
        head(Json.object().put("workflow_id", id(definition.name())), definition.name(), workflow);
    ObjectNode strategy = Json.object();
    workflow
        .fields()
        .path("strategy_definition")
        .properties()
        .forEach(field -> strategy.set(field.getKey(), field.getValue()));
    ArrayNode steps = strategy.putArray("steps");
    workflow.steps().forEach(step -> steps.add(written(step)));
    json.set("strategy_definition", strategy);
    json.set("input_fields", fields(workflow.form()));
    times(json, first, definition);
    json.set(
        "statistics",
        Json.object()
            .put("total_executions", tally.total())
            .put("successful_executions", tally.succeeded())
            .put("failed_executions", tally.failed())
            .put("avg_duration_seconds", seconds(tally.averageMs()))
            .put("success_rate", rate(tally.successRate())));
    return json;
  }

  private static ObjectNode head(ObjectNode json, String slug, Workflow workflow) {
    return json.put("slug", slug)
        .put("name", workflow.name())
        .put("description", workflow.description())
        .put("category", workflow.category())
        .set("tags", Json.tree(workflow.tags()))
        .put("version", workflow.version())
        .put("status", workflow.status())
        .put("graph_name", workflow.graphName());
  }

  private static ObjectNode times(ObjectNode json, Definition first, Definition last) {
    return json.put("created_at", Words.instant(first.createdAt()))
        .put("updated_at", Words.instant(last.createdAt()));
  }

  static ArrayNode fields(InputForm form) {
    ArrayNode fields = Json.MAPPER.createArrayNode();
    form.fields().forEach(field -> fields.add(field.json()));
    return fields;
  }

  private static ObjectNode written(WorkflowStep step) {
    ObjectNode json = Json.object().put("step_number", step.number());
    step.fields().properties().forEach(field -> json.set(field.getKey(), field.getValue()));
    return json;
  }

  /** A step among others: what its document says of it. */
  static ObjectNode step(WorkflowStep step) {
    ObjectNode json =
        Json.object()
            .put("step_number", step.number())
            .put("name", step.name())
            .put("description", step.description());
    json.set("estimated_duration", number(step.fields().get("estimated_duration")));
    json.set("dependencies", Json.tree(step.after().stream().sorted().toList()));
    for (String field : List.of("requires_mcp", "output_schema")) {
      JsonNode value = step.fields().get(field);
      if (value != null && !value.isEmpty()) {
        json.set(field, value);
      }
    }
    return json;
  }

  /** A step by itself, with everything that a client may rely on. */
  static ObjectNode wholeStep(WorkflowStep step) {
    ObjectNode json = step(step);
    json.put("parallel_execution", step.isParallel());
    JsonNode policy = step.fields().path("retry_policy");
    json.set(
        "retry_policy",
        Json.object()
            .put("max_retries", step.maxRetries())
            .set(
                "retry_delay", policy.has("retry_delay") ? policy.get("retry_delay") : Json.tree(1))
            .put("exponential_backoff", policy.path("exponential_backoff").asBoolean(true)));
    json.set("timeout", number(step.fields().get("timeout")));
    json.set("requires_mcp", Json.tree(step.texts("requires_mcp")));
    json.set("mcp_tools", Json.tree(step.texts("mcp_tools")));
    for (String field : List.of("input_schema", "output_schema")) {
      JsonNode schema = step.fields().get(field);
      json.set(field, schema == null ? Json.object() : schema);
    }
    for (String field : List.of("graph_name", "model", "prompt", "tools")) {
      JsonNode value = step.fields().get(field);
      if (value != null) {
        json.set(field, value);
      }
    }
    return json;
  }

  private static JsonNode number(@org.jspecify.annotations.Nullable JsonNode value) {
    return value == null || !value.isNumber() ? Json.tree(null) : value;
  }

  /** Seconds with at most three digits. */
  static double seconds(double millis) {
    return Math.round(millis) / 1000.0;
  }

  static double rate(double rate) {
    return Math.round(rate * 10_000) / 10_000.0;
  }
}
