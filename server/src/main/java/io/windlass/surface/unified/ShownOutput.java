package io.windlass.surface.unified;

import io.windlass.journal.Event;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much of each step's output one stream has shown. Output comes twice, live and then stored, and
 * a live piece may come whose beginning was missed: each character is shown once and in order.
 */
final class ShownOutput {
  private final Map<String, Shown> steps = new HashMap<>();

  private record Shown(int attempt, long length) {}

  /** A step begins again, with no output. */
  void restart(String step) {
    steps.remove(step);
  }

  /** What of a live piece is new; null when nothing is, or when text before it is still missing. */
  Event.@Nullable StepOutput live(Event.StepOutput piece) {
    Event.StepOutput rest = rest(piece);
    boolean gap = rest.offset() > length(piece);
    return gap || rest.text().isEmpty() ? null : show(rest);
  }

  /** What of a stored piece is new; its text may be empty. */
  Event.StepOutput stored(Event.StepOutput piece) {
    return show(rest(piece));
  }

  private Event.StepOutput rest(Event.StepOutput piece) {
    long known = Math.clamp(length(piece) - piece.offset(), 0, piece.text().length());
    return new Event.StepOutput(
        piece.step(),
        piece.attempt(),
        piece.offset() + known,
        piece.text().substring((int) known));
  }

  private Event.StepOutput show(Event.StepOutput rest) {
    long end = Math.max(length(rest), rest.offset() + rest.text().length());
    steps.put(rest.step(), new Shown(rest.attempt(), end));
    return rest;
  }

  private long length(Event.StepOutput piece) {
    Shown shown = steps.get(piece.step());
    return shown == null || shown.attempt() != piece.attempt() ? 0 : shown.length();
  }
}
