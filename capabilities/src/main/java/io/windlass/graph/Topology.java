package io.windlass.graph;

import io.windlass.definition.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what can never happen in a graph: nodes that nothing leads to, joins that never fire, nodes
 * from where no way leads to the end. Each look takes time linear in the arcs.
 */
final class Topology {
  /** So much is looked at for joins behind choices; beyond it, such joins are not found. */
  private static final long MOST_WORK = 30_000_000;

  private final List<NodeSpec> nodes;
  private final List<Arc> arcs;
  private final List<List<List<Integer>>> choices;
  private final Map<String, List<Integer>> outgoing = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  /** What can run, and which arcs are ever taken. */
  private record Reached(Set<String> nodes, BitSet arcs) {}

  Topology(List<NodeSpec> nodes, List<Arc> arcs, List<List<List<Integer>>> choices) {
    this.nodes = nodes;
    this.arcs = arcs;
    this.choices = choices;
    for (int i = 0; i < arcs.size(); i++) {
      for (String source : arcs.get(i).from()) {
        outgoing.computeIfAbsent(source, _ -> new ArrayList<>()).add(i);
      }
    }
  }

  List<Finding> findings() {
    if (arcs.stream().noneMatch(arc -> arc.from().isEmpty())) {
      return List.of(new Finding("edges", "none begins at START: add {from: START, to: …}", true));
    }
    Reached reached = reached(new BitSet());
    unreached(reached);
    deadJoins(reached);
    chosenJoins(reached);
    endless();
    if (findings.isEmpty()) {
      findings.addAll(
          new HalfJoins(arcs, choices, this::isMadeOnce, without -> reached(without).nodes())
              .findings(nodes.size()));
    }
    return findings;
  }

  /** Whether the nodes can form a circle. */
  boolean hasCircle() {
    Map<String, Integer> waiting = new HashMap<>();
    arcs.forEach(arc -> arc.to().forEach(to -> waiting.merge(to, arc.from().size(), Integer::sum)));
    ArrayDeque<String> free = new ArrayDeque<>();
    nodes.stream()
        .map(NodeSpec::name)
        .filter(name -> waiting.getOrDefault(name, 0) == 0)
        .forEach(free::add);
    int left = nodes.size();
    while (!free.isEmpty()) {
      left--;
      for (int arc : outgoing.getOrDefault(free.remove(), List.of())) {
        for (String to : arcs.get(arc).to()) {
          if (waiting.merge(to, -1, Integer::sum) == 0 && !to.equals(Arc.END)) {
            free.add(to);
          }
        }
      }
    }
    return left > 0;
  }

  /** Everything that some run can come to, when some arcs are never taken. */
  private Reached reached(BitSet without) {
    Set<String> known = new HashSet<>();
    BitSet taken = new BitSet(arcs.size());
    int[] missing = new int[arcs.size()];
    ArrayDeque<String> fresh = new ArrayDeque<>();
    for (int i = 0; i < missing.length; i++) {
      missing[i] = arcs.get(i).from().size();
      if (missing[i] == 0 && !without.get(i)) {
        take(i, taken, known, fresh);
      }
    }
    while (!fresh.isEmpty()) {
      for (int arc : outgoing.getOrDefault(fresh.remove(), List.of())) {
        missing[arc]--;
        if (missing[arc] == 0 && !without.get(arc)) {
          take(arc, taken, known, fresh);
        }
      }
    }
    return new Reached(known, taken);
  }

  private void take(int arc, BitSet taken, Set<String> known, ArrayDeque<String> fresh) {
    taken.set(arc);
    for (String to : arcs.get(arc).to()) {
      if (known.add(to)) {
        fresh.add(to);
      }
    }
  }

  private void unreached(Reached reached) {
    for (NodeSpec node : nodes) {
      if (!reached.nodes().contains(node.name())) {
        fault(node.path(), "node \"%s\" is never reached from START".formatted(node.name()));
      }
    }
  }

  private void deadJoins(Reached reached) {
    for (int i = 0; i < arcs.size(); i++) {
      Arc arc = arcs.get(i);
      if (arc.isJoin() && !reached.arcs().get(i)) {
        List<String> never =
            arc.from().stream().filter(name -> !reached.nodes().contains(name)).toList();
        fault(
            arc.path(),
            "this join can never fire: %s cannot finish before it"
                .formatted(String.join(", ", never)));
      }
    }
  }

  /** Joins of ways of which a choice takes only one. */
  private void chosenJoins(Reached reached) {
    BitSet joins = new BitSet();
    for (int i = 0; i < arcs.size(); i++) {
      if (arcs.get(i).isJoin() && reached.arcs().get(i)) {
        joins.set(i);
      }
    }
    long work = 0;
    for (List<List<Integer>> choice : choices) {
      if (joins.isEmpty() || choice.size() < 2 || choice.getFirst().isEmpty()) {
        continue;
      }
      Set<String> where = arcs.get(choice.getFirst().getFirst()).from();
      work += (long) (choice.size() + 1) * (arcs.size() + nodes.size());
      if (work > MOST_WORK) {
        return;
      }
      if (where.stream().anyMatch(this::comesBack)) {
        continue;
      }
      BitSet fired = new BitSet();
      for (List<Integer> way : choice) {
        BitSet without = new BitSet();
        choice.forEach(other -> other.forEach(without::set));
        way.forEach(without::clear);
        fired.or(reached(without).arcs());
      }
      BitSet dead = (BitSet) joins.clone();
      dead.andNot(fired);
      dead.stream().forEach(arc -> chosen(arcs.get(arc), where));
      joins.andNot(dead);
    }
  }

  private boolean isMadeOnce(List<List<Integer>> choice) {
    return choice.stream()
        .flatMap(List::stream)
        .limit(1)
        .flatMap(arc -> arcs.get(arc).from().stream())
        .noneMatch(this::comesBack);
  }

  private void chosen(Arc join, Set<String> where) {
    fault(
        join.path(),
        "this join can never fire: it waits for %s, of which the choice %s lets only some run"
            .formatted(
                String.join(", ", join.from()),
                where.isEmpty() ? "at START" : "after " + String.join(", ", where)));
  }

  /** Whether a node can run again after itself. */
  private boolean comesBack(String node) {
    Set<String> seen = new HashSet<>();
    ArrayDeque<String> fresh = new ArrayDeque<>(List.of(node));
    while (!fresh.isEmpty()) {
      for (int arc : outgoing.getOrDefault(fresh.remove(), List.of())) {
        for (String to : arcs.get(arc).to()) {
          if (to.equals(node)) {
            return true;
          }
          if (seen.add(to)) {
            fresh.add(to);
          }
        }
      }
    }
    return false;
  }

  private void endless() {
    Map<String, List<String>> sources = new HashMap<>();
    for (Arc arc : arcs) {
      for (String to : arc.to()) {
        sources.computeIfAbsent(to, _ -> new ArrayList<>()).addAll(arc.from());
      }
    }
    Set<String> ending = new HashSet<>();
    ArrayDeque<String> fresh = new ArrayDeque<>(List.of(Arc.END));
    while (!fresh.isEmpty()) {
      for (String source : sources.getOrDefault(fresh.remove(), List.of())) {
        if (ending.add(source)) {
          fresh.add(source);
        }
      }
    }
    for (NodeSpec node : nodes) {
      if (!ending.contains(node.name())) {
        fault(
            node.path(),
            "no path leads from node \"%s\" to END; add an edge".formatted(node.name()));
      }
    }
  }

  private void fault(String path, String reason) {
    findings.add(new Finding(path, reason, true));
  }
}
