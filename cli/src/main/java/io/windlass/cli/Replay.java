package io.windlass.cli;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Drops what was told before: a server that does not honour {@code Last-Event-ID} begins a new
 * stream with each step so far, its output in one piece.
 */
final class Replay {
  private final Set<String> begun = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Map<String, Integer> shown = new HashMap<>();

  private final Set<String> owedBegin = new HashSet<>();
  private final Set<String> owedEnd = new HashSet<>();
  private final Map<String, Integer> owedShown = new HashMap<>();

  /** The next events tell the execution from its beginning. */
  void restart() {
    forget();
    owedBegin.addAll(begun);
    owedEnd.addAll(ended);
    owedShown.putAll(shown);
  }

  /** The next events continue. */
  void forget() {
    owedBegin.clear();
    owedEnd.clear();
    owedShown.clear();
  }

  /** What of the event is new. */
  Optional<RunEvent> fresh(RunEvent event) {
    return switch (event) {
      case RunEvent.Started _ -> first("", begun, owedBegin, event);
      case RunEvent.StepStarted e -> {
        if (!owedBegin.contains(e.step())) {
          ended.remove(e.step());
          shown.remove(e.step());
        }
        yield first(e.step(), begun, owedBegin, event);
      }
      case RunEvent.StepDone e -> first(e.step(), ended, owedEnd, event);
      case RunEvent.StepSkipped e -> first(e.step(), ended, owedEnd, event);
      case RunEvent.StepFailed e -> first(e.step(), ended, owedEnd, event);
      case RunEvent.StepOutput e -> output(e);
      default -> Optional.of(event);
    };
  }

  private Optional<RunEvent> output(RunEvent.StepOutput event) {
    int length = event.chunk().length();
    int skip = Math.min(length, owedShown.getOrDefault(event.step(), 0));
    owedShown.merge(event.step(), -skip, Integer::sum);
    if (skip == length) {
      return Optional.empty();
    }
    shown.merge(event.step(), length - skip, Integer::sum);
    return Optional.of(new RunEvent.StepOutput(event.step(), event.chunk().substring(skip)));
  }

  private static Optional<RunEvent> first(
      String key, Set<String> told, Set<String> owed, RunEvent event) {
    if (owed.remove(key)) {
      return Optional.empty();
    }
    told.add(key);
    return Optional.of(event);
  }
}
