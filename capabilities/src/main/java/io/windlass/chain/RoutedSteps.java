package io.windlass.chain;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which routers decide about which steps. A step waits for them even if it does not say so, or it
 * would run before it is known whether it shall; a router that waits for the step itself is left
 * out, since both would wait for ever.
 */
final class RoutedSteps {
  private final Map<String, Set<String>> sources = new HashMap<>();
  private final Map<String, Set<String>> routers = new HashMap<>();

  RoutedSteps(ChainDocument chain) {
    for (ChainStep step : chain.steps()) {
      sources.put(step.id(), new HashSet<>(step.dependsOn()));
    }
    for (ChainStep step : chain.steps()) {
      if (step.type().equals("router")) {
        targets(step).forEach(target -> add(target, step.id()));
      }
    }
  }

  /** The steps that a router's routes name. */
  static Set<String> targets(ChainStep router) {
    Set<String> targets = new LinkedHashSet<>();
    router
        .fields()
        .path("routes")
        .values()
        .forEach(steps -> steps.values().forEach(step -> targets.add(step.asString(""))));
    return targets;
  }

  /** Of each step that routes name, the routers that it has to wait for. */
  Map<String, Set<String>> routers() {
    return routers;
  }

  private void add(String target, String router) {
    Set<String> own = sources.get(target);
    if (own == null || waitsFor(router, target)) {
      return;
    }
    own.add(router);
    routers.computeIfAbsent(target, _ -> new LinkedHashSet<>()).add(router);
  }

  /** Whether a step is, or stands on, another one. */
  private boolean waitsFor(String step, String other) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(step);
    while (!open.isEmpty()) {
      String next = open.remove();
      if (next.equals(other)) {
        return true;
      }
      if (seen.add(next)) {
        open.addAll(sources.getOrDefault(next, Set.of()));
      }
    }
    return false;
  }
}
