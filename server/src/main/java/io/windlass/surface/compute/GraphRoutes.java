package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.definition.Definition;
import io.windlass.execution.Execution;
import io.windlass.graph.GraphView;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Graphs: listing, showing and running them, at once or in the background. */
final class GraphRoutes {
  private static final String KIND = "graph";
  private static final double STANDARD_TIMEOUT = 3_600;
  private static final double LONGEST_TIMEOUT = 86_400;
  private final WorkflowPorts ports;
  private final Starts starts;
  private final Runs runs;

  GraphRoutes(WorkflowPorts ports, Starts starts, Runs runs) {
    this.ports = ports;
    this.starts = starts;
    this.runs = runs;
  }

  void declare(Routes routes) {
    routes
        .get("/graphs", this::list)
        .get("/graphs/{name}", this::read)
        .post(
            "/graphs/{name}/execute",
            context -> execute(context, context.pathParam("name"), Starts.body(context)))
        .post("/execute", this::legacy);
  }

  private void list(Context context) {
    String category = Seen.text(context, "category");
    Set<String> tags = Seen.texts(context, "tags");
    int limit = Seen.number(context, "limit", 100, 1, 500);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    List<ObjectNode> matching =
        ports.definitions().list(KIND).stream()
            .filter(definition -> definition.fault() == null)
            .map(definition -> new Shown(definition.name(), view(definition)))
            .filter(it -> category == null || it.view().category().equalsIgnoreCase(category))
            .filter(it ->
                tags.isEmpty()
                    || it.view().tags().stream()
                        .anyMatch(tag -> tags.contains(tag.toLowerCase(Locale.ROOT))))
            .map(it -> head(it).set("input_schema", it.view().inputSchema()))
            .toList();
    ObjectNode json = Json.object();
    ArrayNode graphs = json.putArray("graphs");
    matching.stream().skip(offset).limit(limit).forEach(graphs::add);
    context.json(json.put("total", matching.size()).put("limit", limit).put("offset", offset));
  }

  private record Shown(String name, GraphView view) {}

  private static ObjectNode head(Shown graph) {
    GraphView view = graph.view();
    return Json.object()
        .put("name", graph.name())
        .put("display_name", view.displayName())
        .put("description", view.description())
        .put("category", view.category())
        .set("tags", Json.tree(view.tags()))
        .put("version", view.version().isEmpty() ? "1.0.0" : view.version());
  }

  private void read(Context context) {
    Definition definition = find(context.pathParam("name"));
    GraphView view = view(definition);
    ObjectNode json = head(new Shown(definition.name(), view));
    ArrayNode nodes = json.putArray("nodes");
    view.nodes()
        .forEach(node -> nodes.addObject().put("name", node.name()).put("type", node.type()));
    ArrayNode edges = json.putArray("edges");
    view.edges()
        .forEach(edge -> {
          ObjectNode one = edges.addObject().put("from", edge.from()).put("to", edge.to());
          if (edge.conditional()) {
            one.put("conditional", true);
          }
        });
    json.set("input_schema", view.inputSchema());
    json.set("output_schema", view.outputSchema());
    context.json(json);
  }

  private GraphView view(Definition definition) {
    return ports.graphs().view(definition.name(), definition.source());
  }

  private Definition find(String name) {
    return ports
        .definitions()
        .find(KIND, name)
        .orElseThrow(() ->
            WindlassException.notFound(
                ErrorCode.DEFINITION_NOT_FOUND,
                "There is no graph \"%s\": GET /graphs lists them"
                    .formatted(name.length() > 100 ? name.substring(0, 100) : name)));
  }

  private void legacy(Context context) throws InterruptedException {
    ObjectNode body = Starts.body(context);
    JsonNode name = body.has("graph_name") ? body.path("graph_name") : body.path("graph");
    if (!name.isString() || name.stringValue().isBlank()) {
      throw WindlassException.invalid(
          "Invalid input: field 'graph_name' must name the graph to run",
          List.of(new Fault("graph_name", "is required", scalar(name), "required")));
    }
    execute(context, name.stringValue(), body);
  }

  private void execute(Context context, String name, ObjectNode body) throws InterruptedException {
    Definition definition = find(name);
    boolean async = isAsync(body);
    Duration timeout = timeout(body);
    Execution execution =
        starts.graph(context, definition.name(), body, firstInput(definition), async);
    Optional<Execution> ended =
        async ? Optional.empty() : ports.executions().awaitEnd(execution.id(), timeout);
    if (ended.isPresent()) {
      context.json(done(ended.get()));
      return;
    }
    String id = execution.publicId();
    context.status(202);
    context.json(
        Json.object()
            .put("execution_id", id)
            .put("graph_name", execution.name())
            .put(
                "status",
                async
                    ? "initializing"
                    : runs.status(
                        execution.id(),
                        ports.executions().get(execution.id()).status(),
                        ports.executions().detail(execution.id()).steps()))
            .put(
                "message",
                async
                    ? "Graph execution started. Use /executions/%s to track progress.".formatted(id)
                    : "Graph execution has not ended within %s seconds and goes on. Use /executions/%s to track progress."
                        .formatted(seconds(timeout), id)));
  }

  /** What a text alone stands for: the graph's task, else its first required or only input. */
  private static @Nullable String firstInput(Definition definition) {
    var outline = definition.outline();
    if (outline == null || outline.inputs().isEmpty()) {
      return "task";
    }
    return outline.inputs().stream()
        .filter(input -> input.name().equals("task"))
        .findFirst()
        .or(() -> outline.inputs().stream().filter(input -> input.required()).findFirst())
        .orElse(outline.inputs().getFirst())
        .name();
  }

  /** {@code 0.5}, {@code 30}. */
  private static String seconds(Duration timeout) {
    return BigDecimal.valueOf(timeout.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static @Nullable JsonNode scalar(JsonNode given) {
    return given.isValueNode() && !given.isNull() ? given : null;
  }

  private static boolean isAsync(ObjectNode body) {
    JsonNode given = body.has("async") ? body.path("async") : body.path("async_execution");
    if (given.isMissingNode() || given.isNull()) {
      return false;
    }
    if (!given.isBoolean()) {
      throw WindlassException.invalid(
          "Invalid input: field 'async' must be true or false, not " + given,
          List.of(new Fault("async", "must be true or false", scalar(given), "type: boolean")));
    }
    return given.booleanValue();
  }

  private static Duration timeout(ObjectNode body) {
    JsonNode given = body.path("config").path("timeout");
    if (given.isMissingNode() || given.isNull()) {
      given = body.path("timeout");
    }
    if (given.isMissingNode() || given.isNull()) {
      return Duration.ofMillis((long) (STANDARD_TIMEOUT * 1000));
    }
    if (!given.isNumber() || given.doubleValue() <= 0) {
      throw WindlassException.invalid(
          "Invalid input: field 'config.timeout' must be seconds above 0, not " + given,
          List.of(
              new Fault(
                  "config.timeout",
                  "must be seconds above 0",
                  scalar(given),
                  "exclusiveMinimum: 0")));
    }
    return Duration.ofMillis((long) (Math.min(given.doubleValue(), LONGEST_TIMEOUT) * 1000));
  }

  private ObjectNode done(Execution execution) {
    ObjectNode json =
        Json.object()
            .put("execution_id", execution.publicId())
            .put("graph_name", execution.name())
            .put("status", Words.status(execution.status()));
    StepStory story = new StepStory(ports.executions(), execution.id());
    ObjectNode metadata =
        Json.object()
            .put(
                "nodes_executed",
                story.visits().stream().filter(visit -> "completed".equals(visit.end())).count())
            .put("llm_calls", story.calls().size())
            .put("duration_seconds", WorkflowJson.seconds(millis(execution)));
    if (execution.result() == null) {
      json.set("result", Json.tree(null));
      json.set("error", ExecutionJson.error(execution, runs.detail(execution)));
    } else {
      ObjectNode result = Json.object();
      result.set("output", execution.result());
      result.set("metadata", metadata);
      json.set("result", result);
    }
    return json.put("started_at", Words.instant(execution.createdAt()))
        .put("completed_at", Words.instantOrNull(execution.finishedAt()));
  }

  private static long millis(Execution execution) {
    Long millis = execution.durationMs();
    return millis == null ? 0 : millis;
  }
}
