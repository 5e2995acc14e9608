package io.windlass.graph;

import io.windlass.chain.Reading;
import io.windlass.chain.SchemaCheck;
import io.windlass.definition.Finding;
import io.windlass.kernel.Fault;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a tree as a graph and tells all that is wrong with it at once. */
final class GraphReading {
  static final int STANDARD_LIMIT = 25;
  static final int MOST_VISITS = 1_000_000;
  private static final int MOST_NODES = 100_000;

  /** So many pairs of beginnings and targets one edge may have. */
  private static final long MOST_PAIRS = 100_000;

  private static final int MOST_FINDINGS = 200;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}");

  private final NodeTypes types;
  private final List<Finding> findings = new ArrayList<>();

  GraphReading(NodeTypes types) {
    this.types = types;
  }

  Reading<GraphDocument> read(JsonNode tree) {
    SchemaCheck check = new SchemaCheck();
    JsonNode graph = check.check("", GraphSchema.GRAPH, tree);
    List<NodeSpec> nodes = nodes(graph.path("nodes"), check);
    findings.addAll(check.findings());
    if (!(graph instanceof ObjectNode fields)) {
      return new Reading<>(null, shown());
    }
    Channels channels = new ChannelReader(findings).read(fields, nodes);
    Set<String> roots = GraphDocument.roots(channels.byName().keySet(), fields);
    Set<String> names = new LinkedHashSet<>();
    nodes.forEach(node -> names.add(node.name()));
    Arcs arcs = new Arcs(names, roots, findings);
    arcs.read(nodes, graph.path("edges"));
    for (Arc arc : arcs.all()) {
      if ((long) arc.from().size() * arc.to().size() > MOST_PAIRS) {
        fault(
            arc.path(),
            "joins %d nodes to %d; put a node between them"
                .formatted(arc.from().size(), arc.to().size()));
      }
    }
    Topology topology = new Topology(nodes, arcs.all(), arcs.choices());
    boolean circular = topology.hasCircle();
    if (findings.stream().noneMatch(Finding::error)) {
      // What leads where means little while names are wrong.
      findings.addAll(topology.findings());
    }
    NodeCheck nodeCheck = new NodeCheck(types, roots, findings);
    nodes.forEach(nodeCheck::check);
    int limit = limit(fields, nodes.size(), circular);
    JsonForm input = form("input_schema", fields);
    JsonForm output = form("output_schema", fields);
    output(fields.path("output"), channels);
    if (findings.stream().anyMatch(Finding::error)) {
      return new Reading<>(null, shown());
    }
    return new Reading<>(
        new GraphDocument(fields, channels, nodes, arcs.all(), limit, circular, input, output),
        shown());
  }

  private List<NodeSpec> nodes(JsonNode list, SchemaCheck check) {
    List<NodeSpec> nodes = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    if (list.isArray() && list.isEmpty()) {
      check.fault("nodes", "must hold at least one node");
    }
    if (list.size() > MOST_NODES) {
      check.fault("nodes", "holds %d nodes, the most is %d".formatted(list.size(), MOST_NODES));
      return nodes;
    }
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof ObjectNode fields)) {
        continue;
      }
      NodeSpec node = new NodeSpec(i, fields);
      String name = node.name();
      if (name.isEmpty()) {
        continue;
      }
      if (Arc.place(name).equals(Arc.START) || Arc.place(name).equals(Arc.END)) {
        check.fault(node.path() + ".name", "\"%s\" is no node's name".formatted(name));
      } else if (!NAME.matcher(name).matches()) {
        check.fault(
            node.path() + ".name",
            "\"%s\" cannot be a name: use letters, digits, dots, hyphens and underscores"
                .formatted(Excerpt.of(name, 80)));
      }
      Integer first = places.putIfAbsent(name, i);
      if (first != null) {
        check.fault(
            node.path() + ".name", "\"%s\" is the name of nodes.%d too".formatted(name, first));
        continue;
      }
      if (NodeTypes.chooses(node)) {
        fields = (ObjectNode) check.check(node.path(), GraphSchema.ROUTES, fields);
      }
      nodes.add(new NodeSpec(i, fields));
    }
    nodes.forEach(node -> retryTarget(node, places.keySet(), check));
    return nodes;
  }

  /** Found here, and not after the evaluator has asked its model. */
  private static void retryTarget(NodeSpec node, Set<String> names, SchemaCheck check) {
    String target = node.text("retry_target");
    if (node.type().equals("evaluator")
        && !target.isBlank()
        && (target.equals(node.name()) || !names.contains(target))) {
      check.fault(
          node.path() + ".retry_target",
          "\"%s\" is no other node; there are: %s"
              .formatted(target, Excerpt.of(String.join(", ", names), 300)));
    }
  }

  private int limit(ObjectNode graph, int nodes, boolean circular) {
    JsonNode given = graph.path("recursion_limit");
    if (!given.isNumber()) {
      return Math.max(STANDARD_LIMIT, nodes);
    }
    long limit = given.asLong(0);
    if (limit < 1 || limit > MOST_VISITS) {
      fault("recursion_limit", "must be from 1 to %d, not %s".formatted(MOST_VISITS, given));
    } else if (limit < nodes && !circular) {
      findings.add(
          new Finding(
              "recursion_limit",
              "is %d, but a run may visit all of the %d nodes".formatted(limit, nodes),
              false));
    }
    return (int) Math.min(limit, MOST_VISITS);
  }

  private @Nullable JsonForm form(String field, ObjectNode graph) {
    if (!(graph.get(field) instanceof ObjectNode schema)) {
      return null;
    }
    List<Fault> faults = JsonForm.faultsOf(schema);
    for (Fault fault : faults) {
      fault(fault.path().isEmpty() ? field : field + "." + fault.path(), fault.reason());
    }
    return faults.isEmpty() ? JsonForm.of(schema) : null;
  }

  private void output(JsonNode output, Channels channels) {
    if (output.isMissingNode()) {
      return;
    }
    if (output.isString() && output.stringValue().contains("{")) {
      return;
    }
    if (output.isString() || output.isArray()) {
      for (String name : NodeSpec.places(output)) {
        if (channels.find(name) == null) {
          fault(
              "output",
              "there is no channel \"%s\"; there are: %s"
                  .formatted(name, String.join(", ", channels.byName().keySet())));
        }
      }
    } else if (!output.isObject()) {
      fault("output", "must be a channel, a list of channels, or an object; got " + output);
    }
  }

  private void fault(String path, String reason) {
    findings.add(new Finding(path, reason, true));
  }

  /** Faults before warnings when there are too many to tell. */
  private List<Finding> shown() {
    if (findings.size() <= MOST_FINDINGS) {
      return List.copyOf(findings);
    }
    return findings.stream()
        .sorted((a, b) -> Boolean.compare(b.error(), a.error()))
        .limit(MOST_FINDINGS)
        .toList();
  }
}
