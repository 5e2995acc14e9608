package io.windlass.graph;

import io.windlass.definition.Guard;
import io.windlass.step.State;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The arcs that lead on from one place where all of them have conditions. */
record WaysOn(List<Arc> arcs) {
  private static final int SHOWN = 300;

  /** Those of the nodes from where it may be that none is taken. */
  static Map<String, WaysOn> byNode(List<Arc> arcs) {
    Map<String, List<Arc>> conditional = new HashMap<>();
    Set<String> safe = new HashSet<>();
    for (Arc arc : arcs) {
      if (arc.always() || arc.isJoin()) {
        safe.addAll(arc.from());
      } else {
        arc.from()
            .forEach(from -> conditional.computeIfAbsent(from, _ -> new ArrayList<>()).add(arc));
      }
    }
    Map<String, WaysOn> ways = new HashMap<>();
    conditional.forEach((node, its) -> {
      if (!safe.contains(node)) {
        ways.put(node, new WaysOn(List.copyOf(its)));
      }
    });
    return ways;
  }

  /** Those from START; null when one of them is always taken. */
  static @Nullable WaysOn atStart(List<Arc> arcs) {
    List<Arc> starts = arcs.stream().filter(arc -> arc.from().isEmpty()).toList();
    return starts.stream().anyMatch(Arc::always) ? null : new WaysOn(starts);
  }

  boolean none(State state) {
    return arcs.stream().noneMatch(arc -> arc.condition().test(state));
  }

  /** Why nothing follows. */
  String told(String place) {
    Set<String> paths = new LinkedHashSet<>();
    arcs.forEach(arc -> paths.add(arc.path()));
    return "Nothing can follow %s: no condition of %s holds; add else, or a default"
        .formatted(place, Excerpt.of(String.join(", ", paths), SHOWN));
  }

  /** The same guard, which also sees to it that the run does not end here unnoticed. */
  Guard guard(String node, Guard own) {
    String told = told("node \"" + node + "\"");
    return new Guard() {
      @Override
      public Verdict check(State state) {
        return own.check(state);
      }

      @Override
      public @Nullable String deadEnd(Supplier<State> after) {
        return none(after.get()) ? told : null;
      }
    };
  }
}
