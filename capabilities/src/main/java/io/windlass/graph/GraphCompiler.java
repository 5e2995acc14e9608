package io.windlass.graph;

import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.Trigger;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.text.Excerpt;
import io.windlass.text.Feedback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns a sound graph into a flow. */
final class GraphCompiler {
  private static final Duration MODEL_TIMEOUT = Duration.ofMinutes(5);

  /** Kinds whose one call has a bound even when the document gives none. */
  private static final Set<String> CALLING_ONCE = Set.of("router", "evaluator", "image_gen");

  private final NodeTypes types;

  GraphCompiler(NodeTypes types) {
    this.types = types;
  }

  Flow compile(GraphDocument graph) {
    Set<String> roots = graph.roots();
    Map<String, List<Trigger>> triggers = triggers(graph.arcs());
    Set<String> again = runAgain(graph.nodes());
    Map<String, WaysOn> ways = WaysOn.byNode(graph.arcs());
    List<Node> nodes = new ArrayList<>(graph.nodes().size());
    for (NodeSpec node : graph.nodes()) {
      NodeStep step = step(node, graph.channels(), roots);
      nodes.add(
          node(
              node,
              step.output(),
              again.contains(node.name())
                  ? withFeedback(step, node, graph.channels(), roots)
                  : step,
              guard(node, roots, ways.get(node.name())),
              triggers.getOrDefault(node.name(), List.of())));
    }
    return new Flow(
        nodes,
        result(graph, roots),
        graph.limit(),
        graph.timeout(),
        graph.channels(),
        state -> RunOptions.bounds(graph, state),
        types.caveat());
  }

  /** One trigger of each target for all arcs that begin at the same nodes. */
  private static Map<String, List<Trigger>> triggers(List<Arc> arcs) {
    Map<String, Map<Set<String>, List<Predicate<State>>>> byTarget = new HashMap<>();
    for (Arc arc : arcs) {
      for (String target : arc.to()) {
        if (!target.equals(Arc.END)) {
          byTarget
              .computeIfAbsent(target, _ -> new LinkedHashMap<>())
              .computeIfAbsent(arc.from(), _ -> new ArrayList<>(1))
              .add(arc.condition());
        }
      }
    }
    Map<String, List<Trigger>> triggers = HashMap.newHashMap(byTarget.size());
    byTarget.forEach((target, bySources) -> {
      List<Trigger> own = new ArrayList<>(bySources.size());
      bySources.forEach((sources, conditions) -> own.add(new Trigger(sources, any(conditions))));
      triggers.put(target, own);
    });
    return triggers;
  }

  private static Predicate<State> any(List<Predicate<State>> conditions) {
    List<Predicate<State>> all = List.copyOf(conditions);
    return all.size() == 1
        ? all.getFirst()
        : state -> all.stream().anyMatch(condition -> condition.test(state));
  }

  /** The nodes that an evaluator may have run again. */
  private static Set<String> runAgain(List<NodeSpec> nodes) {
    return nodes.stream()
        .filter(node -> node.type().equals("evaluator"))
        .map(node -> node.text("retry_target"))
        .collect(Collectors.toSet());
  }

  /** When an evaluator has it run again, its prompt says what was wrong with its work. */
  private Step withFeedback(NodeStep first, NodeSpec node, Channels channels, Set<String> roots) {
    ObjectNode fields = node.fields().deepCopy();
    fields.put("prompt", Feedback.appendedTo(node.text("prompt")));
    Step again = step(new NodeSpec(node.index(), fields), channels, roots);
    return context -> (context.state().has(Feedback.VARIABLE) ? again : first).run(context);
  }

  private NodeStep step(NodeSpec node, Channels channels, Set<String> roots) {
    Reach reach = new Reach(roots);
    JsonNode arguments = node.fields().get("arguments");
    return new NodeStep(
        node,
        types.bind(node, reach),
        reach,
        channels,
        node.type().equals(NodeTypes.TOOL) && arguments != null
            ? new Values(arguments, new Reach(roots))
            : null,
        types.caveat());
  }

  private Node node(
      NodeSpec node, @Nullable String output, Step step, Guard guard, List<Trigger> triggers) {
    Duration timeout = timeout(node);
    return new Node(
        node.name(),
        node.label(),
        node.type(),
        step,
        triggers,
        output,
        guard,
        node.retry(),
        timeout,
        node.onRecovery(),
        state -> RunOptions.limits(node, timeout, state));
  }

  private @Nullable Duration timeout(NodeSpec node) {
    Duration own = node.timeout();
    if (own != null) {
      return own;
    }
    StepKind kind = types.kind(node);
    return kind != null && CALLING_ONCE.contains(kind.name()) && !kind.timesItsCalls()
        ? MODEL_TIMEOUT
        : null;
  }

  private static Guard guard(NodeSpec node, Set<String> roots, @Nullable WaysOn ways) {
    Guard own = guard(node, roots);
    return ways == null ? own : ways.guard(node.name(), own);
  }

  private static Guard guard(NodeSpec node, Set<String> roots) {
    if (!node.has("condition") && !node.has("early_exit_if")) {
      return Guard.NONE;
    }
    Reach reach = new Reach(roots);
    String condition = reach.text(node.text("condition"));
    String exit = reach.text(node.text("early_exit_if"));
    return state -> {
      if (!exit.isBlank() && reach.holds(exit, state)) {
        return new Guard.End("Early exit: " + Excerpt.of(node.text("early_exit_if"), 200));
      }
      return condition.isBlank() || reach.holds(condition, state)
          ? new Guard.Run()
          : new Guard.Skip(
              "Skipped, condition not met: " + Excerpt.of(node.text("condition"), 200));
    };
  }

  private static Function<State, JsonNode> result(GraphDocument graph, Set<String> roots) {
    Function<State, JsonNode> made = made(graph, roots);
    JsonForm form = graph.outputForm();
    if (form == null) {
      return made;
    }
    return state -> {
      JsonNode result = made.apply(state);
      List<Fault> faults = form.faults("output", result);
      if (!faults.isEmpty()) {
        throw WindlassException.invalid(
            "The result does not fit the graph's output_schema:\n"
                + faults.stream()
                    .map(fault -> fault.path() + ": " + fault.reason())
                    .collect(Collectors.joining("\n")),
            faults);
      }
      return result;
    };
  }

  private static Function<State, JsonNode> made(GraphDocument graph, Set<String> roots) {
    JsonNode output = graph.fields().path("output");
    if (output.isObject() || output.asString("").contains("{")) {
      return new Values(output, new Reach(roots))::filled;
    }
    if (output.isString()) {
      String channel = output.stringValue();
      return state -> state.find(channel).orElseGet(() -> Json.text(""));
    }
    List<String> channels = output.isArray() ? NodeSpec.places(output) : promised(graph);
    return state -> {
      ObjectNode all = Json.object();
      for (String channel : channels) {
        state.find(channel).filter(value -> !value.isNull()).ifPresent(it -> all.set(channel, it));
      }
      return all;
    };
  }

  /** What the result is of when the document does not say. */
  private static List<String> promised(GraphDocument graph) {
    List<String> named =
        List.copyOf(graph.fields().path("output_schema").path("properties").propertyNames());
    return named.isEmpty() ? List.copyOf(graph.channels().byName().keySet()) : named;
  }
}
