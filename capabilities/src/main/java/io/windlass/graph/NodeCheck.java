package io.windlass.graph;

import io.windlass.chain.SchemaCheck;
import io.windlass.definition.Finding;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.StepKind;
import io.windlass.text.Excerpt;
import io.windlass.text.Placeholder;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with the fields of single nodes, by their types. */
final class NodeCheck {
  private static final Set<String> COMMON =
      Set.of(
          "name",
          "type",
          "label",
          "description",
          "condition",
          "early_exit_if",
          "output",
          "retry",
          "timeout",
          "timeout_ms",
          "on_recovery");
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          NodeTypes.LLM,
          Set.of(
              "prompt",
              "system",
              "model",
              "fallback_models",
              "tools",
              "approve_tools",
              "max_turns",
              "tool_timeout_ms",
              "timeout_hours",
              "pre_tools",
              "cache",
              "cwd",
              "context_strategy",
              "guardrails",
              "output_schema",
              "output_max_length",
              "output_must_contain",
              "output_must_not_contain"),
          NodeTypes.TOOL,
          Set.of(
              "tool",
              "server",
              "arguments",
              "tools",
              "pre_tool",
              "on_error",
              "approve_tools",
              "tool_timeout_ms",
              "timeout_hours",
              "cwd"),
          NodeTypes.ROUTER,
          Set.of("router", "routes", "default", "prompt", "model", "fallback_models", "cache"),
          NodeTypes.TRANSFORM,
          Set.of(
              "set",
              "operation",
              "prompt",
              "input_var",
              "json_path",
              "regex",
              "template_str",
              "truncate_limit",
              "inputs"),
          NodeTypes.HUMAN,
          Set.of(
              "question", "options", "expires_after", "on_expiry", "comment", "routes", "default"),
          NodeTypes.SUBGRAPH,
          Set.of("graph", "workflow", "chain", "pipeline", "kind", "definition", "input"));

  /** What kinds of steps give to their templates by themselves. */
  private static final Set<String> GIVEN =
      Set.of("input", "route", "item", "index", "loop_result", "feedback", "windlass");

  private final NodeTypes types;
  private final Set<String> known;
  private final List<Finding> findings;

  /**
   * @param roots the variables that placeholders can stand for
   */
  NodeCheck(NodeTypes types, Set<String> roots, List<Finding> findings) {
    this.types = types;
    this.known = new HashSet<>(roots);
    known.addAll(GIVEN);
    this.findings = findings;
  }

  void check(NodeSpec node) {
    if (!types.isKnown(node.type())) {
      fault(
          node.path() + ".type",
          "there is no node type \"%s\"; there are: %s"
              .formatted(Excerpt.of(node.type(), 100), types.names()));
      return;
    }
    switch (node.type()) {
      case NodeTypes.HUMAN -> human(node);
      case NodeTypes.SUBGRAPH -> subgraph(node);
      case NodeTypes.TRANSFORM -> transform(node);
      case NodeTypes.ROUTER -> router(node);
      default -> {
        // Its kind knows.
      }
    }
    String name = NodeTypes.kindName(node);
    StepKind kind = types.kind(node);
    if (name != null && kind == null) {
      fault(
          node.path() + ".type",
          "the step type \"%s\" that it needs is not available here".formatted(name));
    }
    if (kind != null) {
      kind(node, kind);
    }
    if (FIELDS.containsKey(node.type())) {
      unknownFields(node, FIELDS.get(node.type()));
    }
    placeholders(node);
  }

  private void kind(NodeSpec node, StepKind kind) {
    ObjectNode fields = NodeTypes.kindFields(node);
    try {
      kind.faults(fields).forEach(fault -> told(node, fault, true));
      kind.warnings(fields).forEach(warning -> told(node, warning, false));
    } catch (WindlassException e) {
      fault(node.path(), e.text());
    }
  }

  /** Kinds tell of {@code field: reason}. */
  private void told(NodeSpec node, String line, boolean error) {
    int colon = line.indexOf(": ");
    String field = colon < 0 ? "" : "." + line.substring(0, colon);
    findings.add(
        new Finding(node.path() + field, colon < 0 ? line : line.substring(colon + 2), error));
  }

  private void human(NodeSpec node) {
    if (!node.has("question")) {
      fault(node.path() + ".question", "is required: what the person is asked");
    }
    JsonNode given = node.fields().path("options");
    List<String> options = HumanNode.options(node);
    if (!given.isMissingNode() && (!given.isArray() || given.isEmpty())) {
      fault(node.path() + ".options", "must be a list of at least one answer");
    } else if (options.stream().anyMatch(String::isBlank)
        || Set.copyOf(options).size() < options.size()) {
      fault(node.path() + ".options", "each must be a text of its own");
    }
    JsonNode time = node.fields().path("expires_after");
    if (!time.isMissingNode() && !(time.isNumber() && time.asDouble() > 0)) {
      fault(
          node.path() + ".expires_after",
          "must be seconds above 0, not " + SchemaCheck.describe(time));
    }
    if (node.has("on_expiry") && !options.contains(node.text("on_expiry"))) {
      fault(
          node.path() + ".on_expiry",
          "\"%s\" is none of the options %s"
              .formatted(node.text("on_expiry"), String.join(", ", options)));
    }
    JsonNode routes = node.fields().path("routes");
    if (routes.isObject() && !node.fields().has("default")) {
      Set<String> keys =
          routes.propertyNames().stream()
              .map(key -> key.strip().toLowerCase(Locale.ROOT))
              .collect(Collectors.toSet());
      List<String> without =
          options.stream()
              .filter(one -> !keys.contains(one.strip().toLowerCase(Locale.ROOT)))
              .toList();
      if (!without.isEmpty()) {
        fault(
            node.path() + ".routes",
            "has none for the answer %s; add it, or a default"
                .formatted(String.join(", ", without)));
      }
    }
  }

  private void subgraph(NodeSpec node) {
    List<String> named = SubgraphNode.named(node);
    if (named.size() != 1) {
      fault(
          node.path(),
          "names %s; one of graph, workflow, chain and pipeline (or kind with definition) says what is run"
              .formatted(named.isEmpty() ? "nothing to run" : String.join(" and ", named)));
    }
    JsonNode input = node.fields().path("input");
    if (!input.isMissingNode() && !input.isObject() && !input.isString()) {
      fault(node.path() + ".input", "must be an object, not " + SchemaCheck.describe(input));
    }
  }

  private void transform(NodeSpec node) {
    JsonNode set = node.fields().path("set");
    if (set.isMissingNode() != node.has("operation")) {
      fault(node.path(), "needs either set (channels and values) or operation, and not both");
    } else if (!set.isMissingNode() && (!set.isObject() || set.isEmpty())) {
      fault(node.path() + ".set", "must be an object of channels and values");
    }
  }

  private void router(NodeSpec node) {
    boolean routes = node.fields().path("routes").isObject();
    if (node.has("router") && node.has("prompt")) {
      fault(node.path(), "has both router and prompt: let a value choose, or a model");
    } else if (routes && !node.has("router") && !node.has("prompt")) {
      fault(
          node.path(),
          "has routes; router (the value that chooses) or prompt (for a model) is missing");
    } else if (!routes && (node.has("router") || node.has("prompt"))) {
      fault(node.path() + ".routes", "is required: what follows each choice");
    }
  }

  private void unknownFields(NodeSpec node, Set<String> fields) {
    for (String field : node.fields().propertyNames()) {
      if (!fields.contains(field) && !COMMON.contains(field)) {
        warn(node.path() + "." + field, "unknown field, it has no effect");
      }
    }
  }

  private void placeholders(NodeSpec node) {
    Set<String> own =
        Stream.concat(
                node.fields().path("pre_tools").values().stream(),
                Stream.of(node.fields().path("pre_tool")))
            .map(call -> Json.show(call.get("inject_as")))
            .collect(Collectors.toSet());
    for (Map.Entry<String, JsonNode> field : node.fields().properties()) {
      if (field.getKey().equals("output_schema") || field.getKey().equals("regex")) {
        continue;
      }
      for (Placeholder placeholder : Reach.placeholders(field.getValue())) {
        if (placeholder.fallback().isEmpty()
            && !known.contains(placeholder.first())
            && !own.contains(placeholder.first())) {
          warn(
              node.path() + "." + field.getKey(),
              "nothing sets {%s}: it stays in the text as it is".formatted(placeholder.name()));
        }
      }
    }
  }

  private void fault(String path, String reason) {
    findings.add(new Finding(path, reason, true));
  }

  private void warn(String path, String reason) {
    findings.add(new Finding(path, reason, false));
  }
}
