package io.windlass.chain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who waits for whom.
 *
 * @param dependencies by id, in the order of the document
 */
record Graph(Map<String, List<String>> dependencies) {
  Graph {
    dependencies = Collections.unmodifiableMap(new LinkedHashMap<>(dependencies));
  }

  /** A dependency that is not there. */
  record Unknown(String id, String dependency) {}

  List<Unknown> unknown() {
    List<Unknown> unknown = new ArrayList<>();
    dependencies.forEach((id, sources) -> {
      for (String source : new LinkedHashSet<>(sources)) {
        if (!dependencies.containsKey(source)) {
          unknown.add(new Unknown(id, source));
        }
      }
    });
    return unknown;
  }

  /** The layers in which all could run: each holds what needs only earlier layers. */
  List<List<String>> waves() {
    List<List<String>> waves = new ArrayList<>();
    Map<String, Set<String>> waiting = new LinkedHashMap<>();
    dependencies.forEach((id, sources) -> waiting.put(id, known(sources)));
    Map<String, List<String>> dependants = dependants();
    List<String> wave =
        new ArrayList<>(
            waiting.keySet().stream().filter(id -> known(sources(id)).isEmpty()).toList());
    Map<String, Integer> order = order();
    while (!wave.isEmpty()) {
      waves.add(List.copyOf(wave));
      List<String> next = new ArrayList<>();
      for (String done : wave) {
        for (String dependant : dependants.getOrDefault(done, List.of())) {
          Set<String> left = waiting.getOrDefault(dependant, Set.of());
          if (left.remove(done) && left.isEmpty()) {
            next.add(dependant);
          }
        }
      }
      next.sort((a, b) -> Integer.compare(order.getOrDefault(a, 0), order.getOrDefault(b, 0)));
      wave = next;
    }
    return waves;
  }

  /** Those that wait for each other in a circle, and those between two circles; empty for none. */
  List<String> circle() {
    Set<String> left = new LinkedHashSet<>(dependencies.keySet());
    waves().forEach(left::removeAll);
    // What only waits for a circle is not to blame: take off, again and again, what nobody waits
    // for.
    Map<String, Integer> waitedFor = new HashMap<>();
    for (String id : left) {
      known(sources(id)).forEach(source -> waitedFor.merge(source, 1, Integer::sum));
    }
    Deque<String> free = new ArrayDeque<>();
    left.stream().filter(id -> !waitedFor.containsKey(id)).forEach(free::add);
    while (!free.isEmpty()) {
      String id = free.remove();
      left.remove(id);
      for (String source : known(sources(id))) {
        if (waitedFor.merge(source, -1, Integer::sum) == 0 && left.contains(source)) {
          free.add(source);
        }
      }
    }
    return List.copyOf(left);
  }

  /**
   * Of each, all that must have finished before it, as places in the order of the document; of
   * those in a circle nothing is said.
   */
  Map<String, BitSet> ancestors() {
    Map<String, Integer> order = order();
    Map<String, BitSet> before = new HashMap<>();
    for (List<String> wave : waves()) {
      for (String id : wave) {
        BitSet all = new BitSet(order.size());
        for (String source : known(sources(id))) {
          all.set(order.getOrDefault(source, 0));
          all.or(before.getOrDefault(source, new BitSet()));
        }
        before.put(id, all);
      }
    }
    return before;
  }

  private List<String> sources(String id) {
    return dependencies.getOrDefault(id, List.of());
  }

  private Set<String> known(List<String> sources) {
    Set<String> known = new LinkedHashSet<>(sources);
    known.retainAll(dependencies.keySet());
    return known;
  }

  private Map<String, List<String>> dependants() {
    Map<String, List<String>> dependants = new HashMap<>();
    dependencies.forEach((id, sources) ->
        known(sources)
            .forEach(source -> dependants.computeIfAbsent(source, s -> new ArrayList<>()).add(id)));
    return dependants;
  }

  private Map<String, Integer> order() {
    Map<String, Integer> order = new HashMap<>();
    dependencies.keySet().forEach(id -> order.put(id, order.size()));
    return order;
  }
}
