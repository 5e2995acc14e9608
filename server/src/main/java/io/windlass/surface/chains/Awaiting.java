package io.windlass.surface.chains;

import io.windlass.journal.Event;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * The steps that wait for another one to run again. A resume runs that one and lets them go on
 * where they are, so that the journal has no new beginning of theirs.
 */
final class Awaiting {
  private final Map<String, Event.StepStarted> begun = new LinkedHashMap<>();
  private final Map<String, Queue<String>> waiters = new HashMap<>();

  void heard(Event.OfStep event) {
    switch (event) {
      case Event.StepStarted e -> begun.put(e.step(), e);
      case Event.RunAgainAsked e ->
          waiters.computeIfAbsent(e.target(), _ -> new ArrayDeque<>()).add(e.step());
      case Event.StepDone e -> ended(e.step(), true);
      case Event.StepSkipped e -> ended(e.step(), true);
      case Event.StepFailed e -> ended(e.step(), false);
      default -> {}
    }
  }

  /** The one whose turn it was goes on when the step has run, not when it has failed. */
  private void ended(String step, boolean ran) {
    begun.remove(step);
    Queue<String> waiting = waiters.get(step);
    if (ran && waiting != null) {
      var _ = waiting.poll();
    }
  }

  /** How those that still wait began, in the order in which they did. */
  List<Event.StepStarted> steps() {
    return begun.values().stream()
        .filter(one -> waiters.values().stream().anyMatch(steps -> steps.contains(one.step())))
        .toList();
  }
}
