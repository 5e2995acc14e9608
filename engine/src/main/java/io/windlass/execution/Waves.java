package io.windlass.execution;

import io.windlass.definition.Trigger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layers of a flow: the first holds the nodes that wait for nothing, each next one those that
 * wait only for nodes of layers before it. No run is held up by them, for a step begins as soon as
 * its own sources are done; they tell what belongs to the same stage of the work.
 */
final class Waves {
  private Waves() {}

  /**
   * The nodes of the given one's wave and of all before it; none when it is in a cycle or behind
   * one, where there are no waves.
   */
  static Set<String> upTo(String id, Collection<NodeProgress> nodes) {
    Map<String, Set<String>> missing = new HashMap<>();
    Map<String, List<String>> dependants = new HashMap<>();
    List<String> wave = new ArrayList<>();
    for (NodeProgress node : nodes) {
      String target = node.node.id();
      Set<String> sources = new HashSet<>();
      for (Trigger trigger : node.node.triggers()) {
        sources.addAll(trigger.sources());
      }
      sources.forEach(
          source -> dependants.computeIfAbsent(source, _ -> new ArrayList<>()).add(target));
      if (sources.isEmpty()) {
        wave.add(target);
      }
      missing.put(target, sources);
    }
    Set<String> reached = new HashSet<>();
    while (!wave.isEmpty()) {
      reached.addAll(wave);
      if (reached.contains(id)) {
        return reached;
      }
      List<String> next = new ArrayList<>();
      for (String source : wave) {
        for (String target : dependants.getOrDefault(source, List.of())) {
          Set<String> open = missing.getOrDefault(target, Set.of());
          if (open.remove(source) && open.isEmpty()) {
            next.add(target);
          }
        }
      }
      wave = next;
    }
    return new HashSet<>();
  }
}
