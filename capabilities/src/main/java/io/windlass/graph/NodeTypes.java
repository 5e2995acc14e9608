package io.windlass.graph;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Caveat;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The types that nodes can have: the graph format's own, and every step kind under its name. Turns
 * a node's fields into those of the kind that does its work.
 */
final class NodeTypes {
  static final String LLM = "llm_node";
  static final String TOOL = "tool_node";
  static final String ROUTER = "router_node";
  static final String TRANSFORM = "transform_node";
  static final String HUMAN = "human_node";
  static final String SUBGRAPH = "subgraph";
  static final List<String> OWN = List.of(LLM, TOOL, ROUTER, TRANSFORM, HUMAN, SUBGRAPH);

  /** The variable under which step kinds set their output; not a channel. */
  static final String RESULT = "node.result";

  /** Where the kind of tool calls looks for its arguments. */
  static final String ARGUMENTS = "node.arguments";

  /** The field in which the kind of agents takes standing instructions. */
  private static final String SYSTEM = "node_system";

  private static final String MODEL_ROUTER = "router";
  private static final String DEFAULT_ROUTE = "default";

  /** Fields that are the graph's, not the kind's. */
  private static final Set<String> GRAPHS =
      Set.of(
          "name",
          "output",
          "retry",
          "timeout",
          "on_recovery",
          "condition",
          "early_exit_if",
          "system",
          "arguments",
          "default",
          "router");

  private static final Map<String, Map<String, String>> ALIASES =
      Map.of(
          "subchain", Map.of("chain", "subchain"),
          "webhook", Map.of("url", "webhook_url"));

  private final Map<String, StepKind> kinds;
  private final Caveat caveat;

  NodeTypes(Map<String, StepKind> kinds, Caveat caveat) {
    this.kinds = kinds;
    this.caveat = caveat;
  }

  /** What is to know of answers that do not fit. */
  Caveat caveat() {
    return caveat;
  }

  boolean isKnown(String type) {
    return OWN.contains(type) || kinds.containsKey(type);
  }

  String names() {
    Set<String> names = new LinkedHashSet<>(OWN);
    kinds.keySet().stream().sorted().forEach(names::add);
    return String.join(", ", names);
  }

  /** Whether nodes of this type take one of their routes. */
  static boolean chooses(NodeSpec node) {
    return switch (node.type()) {
      case ROUTER, MODEL_ROUTER, HUMAN -> true;
      default -> false;
    };
  }

  /** Whether it is a model that chooses a router's route. */
  static boolean asksModel(NodeSpec node) {
    return node.type().equals(MODEL_ROUTER) || (node.type().equals(ROUTER) && node.has("prompt"));
  }

  /** The name of the step kind that does a node's work; null when the graph part does it. */
  static @Nullable String kindName(NodeSpec node) {
    return switch (node.type()) {
      case LLM -> "agent";
      case ROUTER -> asksModel(node) ? MODEL_ROUTER : null;
      case TRANSFORM -> node.has("operation") ? "transform" : null;
      case HUMAN, SUBGRAPH -> null;
      default -> node.type();
    };
  }

  @Nullable StepKind kind(NodeSpec node) {
    String name = kindName(node);
    return name == null ? null : kinds.get(name);
  }

  /** The fields as the kind knows them. */
  static ObjectNode kindFields(NodeSpec node) {
    String kind = String.valueOf(kindName(node));
    ObjectNode fields = node.fields().deepCopy();
    fields.remove(GRAPHS);
    fields.put("id", node.name());
    fields.put("label", node.label());
    fields.put("type", kind);
    fields.put("output_var", RESULT);
    if (node.has("system")) {
      fields.put(SYSTEM, node.text("system"));
    }
    if (!node.fields().has("timeout_ms") && node.timeout() instanceof Duration bound) {
      fields.put(node.type().equals(TOOL) ? "tool_timeout_ms" : "timeout_ms", bound.toMillis());
    }
    ALIASES
        .getOrDefault(kind, Map.of())
        .forEach((alias, name) -> {
          if (fields.has(alias) && !fields.has(name)) {
            fields.set(name, fields.remove(alias));
          }
        });
    if (kind.equals(MODEL_ROUTER)) {
      // Which nodes follow is the edges' affair: the kind only chooses a key.
      ObjectNode routes = Json.object();
      node.fields().path("routes").properties().forEach(route -> routes.putArray(route.getKey()));
      fields.set("routes", routes);
      if (node.fields().has("default")) {
        fields.put("default_route", DEFAULT_ROUTE);
      }
    }
    return fields;
  }

  /** The step that does a node's work, bound to fields whose placeholders were taken in. */
  Step bind(NodeSpec node, Reach reach) {
    StepKind kind = kind(node);
    if (kind != null) {
      return kind.bind(reach.fields(kindFields(node)));
    }
    return switch (node.type()) {
      case HUMAN -> HumanNode.of(node, reach);
      case SUBGRAPH -> SubgraphNode.of(node, reach);
      case TRANSFORM -> new SetNode(node, reach);
      case ROUTER -> new FieldRouter(node);
      default ->
          throw new WindlassException(
              ErrorCode.INVALID_DEFINITION,
              "%s.type: there is no node type \"%s\"; there are: %s"
                  .formatted(node.path(), node.type(), names()));
    };
  }
}
