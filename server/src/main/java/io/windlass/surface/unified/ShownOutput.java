package io.windlass.surface.unified;

import io.windlass.journal.Event;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much of each step's output one stream has shown. Output comes twice, live and then stored,
 * and a live piece may come whose beginning was missed: each character is shown once and in order.
 */
final class ShownOutput {
  private final Map<String, Shown> steps = new HashMap<>();

  private record Shown(int attempt, long length) {}

  /** A step was begun, or begun anew after a resume, and so is its output. */
  void begin(Event.StepStarted started) {
    steps.put(started.step(), new Shown(0, 0));
  }

  /** What of a live piece is new; null when nothing is, or when text before it is still missing. */
  Event.@Nullable StepOutput live(Event.StepOutput piece) {
    Shown shown = at(piece);
    if (piece.offset() > shown.length()) {
      return null;
    }
    Event.StepOutput rest = show(piece, shown);
    return rest.text().isEmpty() ? null : rest;
  }

  /** What of a stored piece is new; its text may be empty. */
  Event.StepOutput stored(Event.StepOutput piece) {
    return show(piece, at(piece));
  }

  private Event.StepOutput show(Event.StepOutput piece, Shown shown) {
    int size = piece.text().length();
    boolean past = piece.attempt() < shown.attempt();
    int known = past ? size : (int) Math.clamp(shown.length() - piece.offset(), 0, size);
    if (!past) {
      long length = Math.max(shown.length(), piece.offset() + size);
      steps.put(piece.step(), new Shown(piece.attempt(), length));
    }
    return new Event.StepOutput(
        piece.step(), piece.attempt(), piece.offset() + known, piece.text().substring(known));
  }

  /** What was shown of the attempt that the piece belongs to; a new attempt begins at nothing. */
  private Shown at(Event.StepOutput piece) {
    Shown shown = steps.getOrDefault(piece.step(), new Shown(0, 0));
    return piece.attempt() > shown.attempt() ? new Shown(piece.attempt(), 0) : shown;
  }
}
