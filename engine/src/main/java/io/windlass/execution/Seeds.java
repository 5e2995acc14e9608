package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.definition.Node;
import io.windlass.definition.Trigger;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a rerun from a chosen step takes over from the execution that it repeats. */
final class Seeds {
  private Seeds() {}

  /** The ends of all steps that do not stand on the chosen one. */
  static List<Event> before(Flow flow, String step, List<Entry> entries) {
    Set<String> again = standingOn(flow, step);
    Set<String> kept = new HashSet<>();
    flow.nodes().stream().map(Node::id).filter(id -> !again.contains(id)).forEach(kept::add);
    List<Event> seeds = new ArrayList<>();
    Set<String> replaced = new HashSet<>();
    for (Entry entry : entries) {
      switch (entry.event()) {
        case Event.RunAgainAsked asked when kept.contains(asked.target()) -> {
          if (kept.contains(asked.step())) {
            seeds.add(asked);
          } else {
            replaced.add(asked.target());
          }
        }
        case Event.StepDone done when kept.contains(done.step()) -> {
          if (replaced.remove(done.step())) {
            // Who asked for it runs again, too: its output counts, as if it had been the first.
            seeds.replaceAll(seed -> replaced(seed, done));
            continue;
          }
          seeds.add(new Event.StepStarted(done.step(), done.visit(), done.step()));
          seeds.add(
              new Event.StepDone(
                  done.step(),
                  done.visit(),
                  done.attempt(),
                  done.output(),
                  done.set(),
                  done.close(),
                  done.durationMs(),
                  null));
        }
        case Event.StepSkipped skipped when kept.contains(skipped.step()) -> seeds.add(skipped);
        default -> {}
      }
    }
    return seeds;
  }

  private static Event replaced(Event seed, Event.StepDone by) {
    return seed instanceof Event.StepDone first && first.step().equals(by.step())
        ? new Event.StepDone(
            first.step(),
            first.visit(),
            by.attempt(),
            by.output(),
            by.set(),
            first.close(),
            by.durationMs(),
            null)
        : seed;
  }

  private static Set<String> standingOn(Flow flow, String step) {
    if (flow.nodes().stream().noneMatch(node -> node.id().equals(step))) {
      throw WindlassException.invalid(
          "There is no step \"%s\": use one of %s."
              .formatted(step, String.join(", ", flow.nodes().stream().map(Node::id).toList())));
    }
    Set<String> reached = new HashSet<>(Set.of(step));
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Node node : flow.nodes()) {
        for (Trigger trigger : node.triggers()) {
          if (trigger.sources().stream().anyMatch(reached::contains) && reached.add(node.id())) {
            grew = true;
          }
        }
      }
    }
    return reached;
  }
}
