package io.windlass.graph;

import io.windlass.definition.Finding;
import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Condition;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the edges of a graph, and the routes of its nodes, into arcs. */
final class Arcs {
  private final Set<String> nodes;
  private final Set<String> roots;
  private final List<Finding> findings;
  private final List<Arc> all = new ArrayList<>();

  /** Of each choice that takes only one of several ways: the arcs of each way. */
  private final List<List<List<Integer>>> choices = new ArrayList<>();

  private final Map<Set<String>, Group> groups = new LinkedHashMap<>();

  /** The conditional edges that begin at the same places. */
  private static final class Group {
    final Set<String> from;
    final String path;
    final List<Predicate<State>> conditions = new ArrayList<>();
    final List<Integer> conditional = new ArrayList<>();
    final List<Integer> otherwise = new ArrayList<>();
    boolean safe;

    Group(Set<String> from, String path) {
      this.from = from;
      this.path = path;
    }

    boolean none(State state) {
      return conditions.stream().noneMatch(condition -> condition.test(state));
    }
  }

  /**
   * @param nodes the names of the nodes
   * @param roots the variables that placeholders may reach into
   */
  Arcs(Set<String> nodes, Set<String> roots, List<Finding> findings) {
    this.nodes = nodes;
    this.roots = roots;
    this.findings = findings;
  }

  List<Arc> all() {
    return List.copyOf(all);
  }

  List<List<List<Integer>>> choices() {
    return choices;
  }

  /** Reads all of them. */
  void read(List<NodeSpec> specs, JsonNode edges) {
    for (int i = 0; i < edges.size(); i++) {
      if (edges.get(i) instanceof ObjectNode edge) {
        edge("edges." + i, edge);
      }
    }
    specs.forEach(this::node);
    groups.values().forEach(this::close);
  }

  private void edge(String path, ObjectNode edge) {
    Set<String> from = from(path, edge);
    List<String> to = to(path + ".to", edge.path("to"));
    boolean routes = edge.has("routes") || edge.has("router");
    boolean otherwise = edge.path("default").asBoolean(false);
    String condition = Json.show(edge.get("condition"));
    if (routes) {
      if (!to.isEmpty() || !condition.isEmpty() || edge.has("else")) {
        fault(path, "has routes; to, condition and else cannot stand beside them");
      }
      String router = Json.show(edge.get("router")).strip();
      if (router.isEmpty() || edge.path("routes").isEmpty()) {
        fault(path, "needs both router (the value that chooses) and routes (a map of its values)");
        return;
      }
      routed(path, from, router, edge);
      return;
    }
    if (edge.path("default").isString() || edge.path("default").isArray()) {
      fault(
          path + ".default", "names nodes, which only an edge with routes can; write else, or to");
    }
    if (to.isEmpty()) {
      fault(path + ".to", "is required: the node, or the nodes, that it leads to");
    }
    Group group = groups.computeIfAbsent(from, _ -> new Group(from, path));
    if (otherwise) {
      if (!condition.isEmpty()) {
        fault(path, "is the default; a condition cannot stand beside it");
      }
      group.otherwise.add(add(path, from, to, false, group::none));
      return;
    }
    if (condition.isEmpty()) {
      if (edge.has("else")) {
        fault(path + ".else", "needs a condition beside it");
      }
      group.safe = true;
      var _ = add(path, from, to, true, _ -> true);
      return;
    }
    conditional(path, from, to, condition, edge, group);
  }

  private void conditional(
      String path,
      Set<String> from,
      List<String> to,
      String condition,
      ObjectNode edge,
      Group group) {
    Reach reach = new Reach(roots);
    String text = reach.text(condition);
    Predicate<State> holds = state -> Condition.holds(text, reach.view(state));
    int arc = add(path, from, to, false, holds);
    group.conditions.add(holds);
    group.conditional.add(arc);
    if (edge.has("else")) {
      List<String> other = to(path + ".else", edge.path("else"));
      int otherwise = add(path, from, other, false, state -> !holds.test(state));
      choices.add(List.of(List.of(arc), List.of(otherwise)));
      group.safe = true;
    }
  }

  private void close(Group group) {
    if (!group.otherwise.isEmpty()) {
      if (group.conditional.isEmpty()) {
        fault(
            group.path, "is a default, and no edge from there has a condition: leave default out");
      }
      choices.add(List.of(group.conditional, group.otherwise));
    } else if (!group.conditional.isEmpty() && !group.safe) {
      noDefault(
          group.from,
          group.path,
          "where none of the conditions from there holds, the run fails; add else, or an edge with default: true");
    }
  }

  /** A node's own routes; the node says under {@link #variable} which of them it takes. */
  private void node(NodeSpec node) {
    if (!NodeTypes.chooses(node) || !node.fields().path("routes").isObject()) {
      return;
    }
    routed(node.path(), Set.of(node.name()), variable(node.name()), node.fields());
  }

  /** The variable that holds which of its routes a node has taken. */
  static String variable(String node) {
    return "route." + node;
  }

  private void routed(String path, Set<String> from, String router, ObjectNode holder) {
    String value = bare(router);
    Set<String> keys = new LinkedHashSet<>();
    List<List<Integer>> ways = new ArrayList<>();
    Set<String> lower =
        holder.path("routes").properties().stream()
            .map(route -> key(route.getKey()))
            .collect(Collectors.toSet());
    for (Map.Entry<String, JsonNode> route : holder.path("routes").properties()) {
      String key = key(route.getKey());
      String where = path + ".routes." + route.getKey();
      if (!keys.add(key)) {
        fault(where, "stands twice, but for upper and lower case");
      }
      List<String> to = to(where, route.getValue());
      ways.add(
          List.of(
              add(where, from, to, false, state -> key(Reach.shown(state, value)).equals(key))));
    }
    List<String> otherwise = to(path + ".default", holder.path("default"));
    if (!otherwise.isEmpty()) {
      ways.add(
          List.of(
              add(
                  path + ".default",
                  from,
                  otherwise,
                  false,
                  state -> !lower.contains(key(Reach.shown(state, value))))));
    } else if (!router.startsWith("route.")) {
      noDefault(
          from,
          path,
          "where \"%s\" is none of %s, the run fails; add a default"
              .formatted(value, Excerpt.of(String.join(", ", keys), 200)));
    }
    choices.add(ways);
  }

  private static String key(String value) {
    return value.strip().toLowerCase(Locale.ROOT);
  }

  private static String bare(String router) {
    return router.startsWith("{") && router.endsWith("}")
        ? router.substring(1, router.length() - 1).strip()
        : router;
  }

  private int add(
      String path, Set<String> from, List<String> to, boolean always, Predicate<State> condition) {
    all.add(new Arc(path, from, to, always, condition));
    return all.size() - 1;
  }

  private Set<String> from(String path, ObjectNode edge) {
    Set<String> from = new LinkedHashSet<>();
    for (String written : NodeSpec.places(edge.path("from"))) {
      String name = Arc.place(written);
      if (name.equals(Arc.END)) {
        fault(path + ".from", "nothing comes after END");
      } else if (!name.equals(Arc.START) && !nodes.contains(name)) {
        unknown(path + ".from", name);
      }
      from.add(name);
    }
    if (from.remove(Arc.START) && !from.isEmpty()) {
      fault(path + ".from", "START cannot stand beside nodes");
    }
    return from;
  }

  private List<String> to(String path, JsonNode value) {
    Set<String> to = new LinkedHashSet<>();
    for (String written : NodeSpec.places(value)) {
      String name = Arc.place(written);
      if (name.equals(Arc.START)) {
        fault(path, "nothing leads to START");
      } else if (!name.equals(Arc.END) && !nodes.contains(name)) {
        unknown(path, name);
      }
      to.add(name);
    }
    return List.copyOf(to);
  }

  private void unknown(String path, String name) {
    fault(path, "there is no node \"%s\"".formatted(Excerpt.of(name, 100)));
  }

  /**
   * Of a node it can be told when it happens; a join would only leave the run as if it had ended.
   */
  private void noDefault(Set<String> from, String path, String reason) {
    if (from.size() > 1) {
      fault(path, "is a join, and " + reason);
    } else {
      warn(path, reason);
    }
  }

  private void fault(String path, String reason) {
    findings.add(new Finding(path, reason, true));
  }

  private void warn(String path, String reason) {
    findings.add(new Finding(path, reason, false));
  }
}
