package io.windlass.workflow;

import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.Reduction;
import io.windlass.definition.Trigger;
import io.windlass.kernel.Json;
import io.windlass.step.Caveat;
import io.windlass.step.State;
import io.windlass.step.StepKind;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns a sound workflow into a flow: each step a node, each dependency a trigger. */
final class WorkflowCompiler {
  private static final int VISITS_PER_STEP = 10;
  private final StepKind agents;
  private final StepWork.Surroundings surroundings;
  private final Caveat caveat;

  WorkflowCompiler(StepKind agents, StepWork.Surroundings surroundings, Caveat caveat) {
    this.agents = agents;
    this.surroundings = surroundings;
    this.caveat = caveat;
  }

  Flow compile(Workflow workflow) {
    List<Node> nodes = workflow.steps().stream().map(step -> node(workflow, step)).toList();
    int limit = 100 + VISITS_PER_STEP * nodes.size();
    return new Flow(
        nodes,
        state -> outputs(workflow, state),
        limit,
        null,
        Reduction.REPLACE,
        state -> new Flow.Bounds(limit, RunConfig.timeout(state)),
        caveat);
  }

  private Node node(Workflow workflow, WorkflowStep step) {
    String named = step.has("graph_name") ? step.text("graph_name") : workflow.graphName();
    String graph = step.has("prompt") && !step.has("graph_name") ? null : named;
    Set<String> sources = step.after().stream().map(WorkflowStep::id).collect(Collectors.toSet());
    return new Node(
        step.id(),
        step.name(),
        graph == null ? "llm_node" : "subgraph",
        new StepWork(
            new StepTask(workflow, step),
            graph,
            agents.bind(agentFields(step)),
            surroundings,
            caveat),
        sources.isEmpty() ? List.of() : List.of(Trigger.after(sources)),
        step.id(),
        Guard.NONE,
        step.retry(step.maxRetries()),
        step.timeout(),
        null,
        state -> RunConfig.limits(step, state));
  }

  private ObjectNode agentFields(WorkflowStep step) {
    ObjectNode fields =
        Json.object()
            .put("id", step.id())
            .put("type", "agent")
            .put("prompt", "{" + StepWork.TASK + "}");
    if (step.has("model")) {
      fields.put("model", step.text("model"));
    }
    Set<String> tools = new LinkedHashSet<>(step.texts("tools"));
    tools.addAll(step.texts("requires_mcp"));
    step.texts("mcp_tools").forEach(tool -> tools.add(toolName(tool)));
    if (!tools.isEmpty()) {
      ArrayNode names = fields.putArray("tools");
      tools.forEach(names::add);
    }
    ObjectNode schema = step.object("output_schema");
    if (schema != null) {
      fields.set("output_schema", schema);
    }
    return fields;
  }

  /** The tool ids of the API join server and tool by a hyphen, agents know them by a dot. */
  private String toolName(String id) {
    int hyphen = id.indexOf('-');
    while (hyphen > 0) {
      String name = id.substring(0, hyphen) + "." + id.substring(hyphen + 1);
      if (surroundings.hasTools(name)) {
        return name;
      }
      hyphen = id.indexOf('-', hyphen + 1);
    }
    return id;
  }

  /** The fields of structured results, and the other results under the names of their steps. */
  private static JsonNode outputs(Workflow workflow, State state) {
    ObjectNode outputs = Json.object();
    Map<String, Integer> owners = new HashMap<>();
    for (WorkflowStep step : workflow.steps()) {
      JsonNode result = state.find(step.id()).orElse(null);
      if (result instanceof ObjectNode object) {
        object
            .properties()
            .forEach(
                field -> put(outputs, field.getKey(), field.getValue(), step.number(), owners));
      } else if (result != null) {
        put(outputs, step.outputName(), result, step.number(), owners);
      }
    }
    return outputs;
  }

  /** What stood under the name goes on standing, with the number of its step behind it. */
  private static void put(
      ObjectNode outputs, String name, JsonNode value, int step, Map<String, Integer> owners) {
    JsonNode earlier = outputs.get(name);
    Integer owner = owners.put(name, step);
    outputs.set(name, value);
    if (earlier != null && owner != null && !earlier.equals(value)) {
      put(outputs, name + "_" + owner, earlier, owner, owners);
    }
  }
}
