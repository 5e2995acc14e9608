package io.windlass.graph;

import io.windlass.definition.Finding;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds joins of which a run may reach a part: one beginning stands behind a condition that the
 * others do not share. Such a join then waits for ever, and the run ends without it.
 */
final class HalfJoins {
  /** So much is looked at; beyond it, such joins are only told of when a run has ended. */
  private static final long MOST_WORK = 30_000_000;

  private static final int SHOWN = 200;
  private final List<Arc> arcs;
  private final List<List<List<Integer>>> choices;
  private final Predicate<List<List<Integer>>> once;
  private final Function<BitSet, Set<String>> reached;

  /**
   * @param choices of each choice that takes only one of several ways: the arcs of each way
   * @param once whether a choice is made at most once in a run: one that comes back may take each
   *     way
   * @param reached the nodes that can run when some arcs are never taken
   */
  HalfJoins(
      List<Arc> arcs,
      List<List<List<Integer>>> choices,
      Predicate<List<List<Integer>>> once,
      Function<BitSet, Set<String>> reached) {
    this.arcs = arcs;
    this.choices = choices;
    this.once = once;
    this.reached = reached;
  }

  List<Finding> findings(int nodes) {
    Map<String, Arc> open = new LinkedHashMap<>();
    arcs.stream().filter(Arc::isJoin).forEach(arc -> open.put(arc.path(), arc));
    List<Finding> findings = new ArrayList<>();
    long work = 0;
    for (BitSet untaken : open.isEmpty() ? List.<BitSet>of() : untaken()) {
      work += arcs.size() + nodes;
      if (open.isEmpty() || work > MOST_WORK) {
        break;
      }
      Set<String> run = reached.apply(untaken);
      open.values()
          .removeIf(join -> {
            List<String> missing =
                join.from().stream().filter(source -> !run.contains(source)).toList();
            boolean half = !missing.isEmpty() && missing.size() < join.from().size();
            if (half) {
              findings.add(told(join, missing, arcs.get(untaken.nextSetBit(0))));
            }
            return half;
          });
    }
    return findings;
  }

  private static Finding told(Arc join, List<String> missing, Arc condition) {
    return new Finding(
        join.path(),
        "this join waits for %s, but where the condition of %s does not hold %s may not run, and the run ends without %s; have the join begin where all of its beginnings run, or add an else"
            .formatted(
                Excerpt.of(String.join(", ", join.from()), SHOWN),
                condition.path(),
                Excerpt.of(String.join(", ", missing), SHOWN),
                Excerpt.of(String.join(", ", join.to()), SHOWN)),
        false);
  }

  /** What a run may leave untaken: each of the ways that a condition or a choice cuts off. */
  private List<BitSet> untaken() {
    Set<BitSet> all = new LinkedHashSet<>();
    BitSet chosen = new BitSet();
    for (List<List<Integer>> choice : choices) {
      BitSet every = new BitSet();
      choice.forEach(way -> way.forEach(every::set));
      chosen.or(every);
      if (!once.test(choice)) {
        continue;
      }
      for (List<Integer> way : choice) {
        BitSet others = (BitSet) every.clone();
        way.forEach(others::clear);
        if (!others.isEmpty()) {
          all.add(others);
        }
      }
    }
    // Where no other way leads on, the run fails and tells of it itself.
    Set<String> safe = new HashSet<>();
    arcs.stream().filter(Arc::always).forEach(arc -> safe.addAll(arc.from()));
    Map<Set<String>, BitSet> fromOnePlace = new LinkedHashMap<>();
    for (int i = 0; i < arcs.size(); i++) {
      if (!arcs.get(i).always() && !chosen.get(i)) {
        fromOnePlace.computeIfAbsent(arcs.get(i).from(), _ -> new BitSet()).set(i);
      }
    }
    fromOnePlace.forEach((place, conditional) -> {
      boolean isSafe = place.isEmpty() || safe.containsAll(place);
      if (isSafe || conditional.cardinality() > 1) {
        conditional.stream()
            .forEach(arc -> {
              BitSet alone = new BitSet();
              alone.set(arc);
              all.add(alone);
            });
      }
      if (isSafe) {
        all.add(conditional);
      }
    });
    return List.copyOf(all);
  }
}
