package io.windlass.surface.chains;

import io.windlass.journal.Event;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a stream tells of the outputs of an execution's steps: live each piece as it comes, and of
 * the past, while it catches up, one piece for each step, of the attempt that counts alone.
 */
final class Outputs {
  private final Map<String, Shown> shown = new HashMap<>();

  /** The steps with pieces that are kept back, each with the number of the first of them. */
  private final Map<String, Long> keptFrom = new LinkedHashMap<>();

  void begin(String step) {
    of(step).begin();
    keptFrom.remove(step);
  }

  /** What is to be told of a piece that comes now, from the journal or before it. */
  String now(Event.StepOutput piece, boolean live) {
    return of(piece.step()).more(piece, live);
  }

  /** Keeps a piece of the past back. */
  void keep(Event.StepOutput piece, long number) {
    if (of(piece.step()).keep(piece)) {
      keptFrom.putIfAbsent(piece.step(), number);
    } else {
      keptFrom.remove(piece.step());
    }
  }

  /** What the failed attempt told does not count. */
  void retried(Event.StepRetried event) {
    Integer next = event.nextAttempt();
    of(event.step()).next(next == null ? event.failedAttempt() + 1 : next);
    keptFrom.remove(event.step());
  }

  /** What is to be told of a finished step's output, now. */
  String done(Event.StepDone event) {
    return of(event.step()).rest(event);
  }

  /** The same in a catch-up: all of it in one piece. */
  String doneBefore(Event.StepDone event) {
    keptFrom.remove(event.step());
    return of(event.step()).whole(event);
  }

  /** What a step told that will tell no more, or not in the past. */
  String kept(String step) {
    return keptFrom.remove(step) == null ? "" : of(step).kept();
  }

  /** The same of all of them. */
  Map<String, String> kept() {
    Map<String, String> texts = new LinkedHashMap<>();
    keptFrom.keySet().forEach(step -> texts.put(step, of(step).kept()));
    keptFrom.clear();
    return texts;
  }

  /** The journal number that a client has seen who was told all up to that one but what is kept. */
  long seen(long number) {
    return keptFrom.values().stream().mapToLong(first -> first - 1).reduce(number, Math::min);
  }

  private Shown of(String step) {
    return shown.computeIfAbsent(step, _ -> new Shown());
  }
}
