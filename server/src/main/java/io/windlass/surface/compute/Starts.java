package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.StartRequest;
import io.windlass.http.IdempotencyKey;
import io.windlass.http.RequestBody;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.workflow.RunConfig;
import io.windlass.workflow.Workflow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts executions as requests ask for it. */
final class Starts {
  private static final String NAME = "compute";

  /** The names that inputs have had in this API, the present ones first. */
  private static final List<String> INPUTS =
      List.of("inputs", "input", "input_values", "user_input", "input_state");

  private final WorkflowPorts ports;

  Starts(WorkflowPorts ports) {
    this.ports = ports;
  }

  /** Starts the workflow that the path names. */
  Execution workflow(Context context, ObjectNode body) {
    WorkflowRoutes.Found found = WorkflowRoutes.find(ports, context.pathParam("slug"));
    String slug = found.definition().name();
    if (found.workflow().status().equals(Workflow.ARCHIVED)) {
      throw WindlassException.wrongState(
          "The workflow \"%s\" is archived: POST /workflows/%s/restore brings it back"
              .formatted(slug, slug));
    }
    return start(context, "workflow", slug, withConfig(body, inputs(body, null)));
  }

  /** The inputs with what the request asks of the run besides. */
  private static ObjectNode withConfig(ObjectNode body, ObjectNode inputs) {
    ObjectNode input = inputs.deepCopy();
    take(body, "config", RunConfig.CONFIG, input);
    if (!body.has("config")) {
      take(body, "system_kwargs", RunConfig.CONFIG, input);
    }
    take(body, "metadata", RunConfig.METADATA, input);
    return input;
  }

  private static void take(ObjectNode body, String field, String name, ObjectNode input) {
    input.remove(name);
    if (body.hasNonNull(field)) {
      input.set(name, body.get(field));
    }
  }

  /**
   * Starts a graph.
   *
   * @param bounded whether {@code timeout} bounds the run; else it bounds how long the caller waits
   */
  Execution graph(
      Context context, String name, ObjectNode body, @Nullable String firstInput, boolean bounded) {
    ObjectNode input = withConfig(body, inputs(body, firstInput));
    if (input.get(RunConfig.CONFIG) instanceof ObjectNode config) {
      ObjectNode own = config.deepCopy();
      if (!bounded) {
        own.remove("timeout");
      }
      input.set(RunConfig.CONFIG, own);
    }
    return start(context, "graph", name, input);
  }

  private Execution start(Context context, String kind, String name, ObjectNode input) {
    String user = Seen.user(context);
    return ports
        .executions()
        .start(
            new StartRequest(
                kind,
                name,
                input,
                NAME,
                user,
                ports.definitions().kind(kind).publicIdPrefix(),
                IdempotencyKey.of(context),
                ports.admission().apply(user)));
  }

  /**
   * The inputs of a request, under whatever name of this API.
   *
   * @param single the input that a text alone stands for; null when it stands for none
   */
  static ObjectNode inputs(ObjectNode body, @Nullable String single) {
    for (String name : INPUTS) {
      JsonNode given = body.get(name);
      if (given == null || given.isNull()) {
        continue;
      }
      if (given instanceof ObjectNode object) {
        return object;
      }
      if (given.isString() && single != null) {
        return Json.object().put(single, given.stringValue());
      }
      throw WindlassException.invalid(
          "Invalid input: field '%s' must be an object, but it is %s"
              .formatted(name, given.getNodeType().name().toLowerCase(java.util.Locale.ROOT)),
          List.of(
              new Fault(
                  name, "must be an object", given.isValueNode() ? given : null, "type: object")));
    }
    return Json.object();
  }

  static ObjectNode body(Context context) {
    return RequestBody.object(context);
  }
}
