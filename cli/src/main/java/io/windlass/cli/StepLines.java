package io.windlass.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines that events leave behind, with or without colours. */
final class StepLines {
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String DIM = "2";

  private final boolean colours;
  private final boolean starts;
  private final Map<String, String> labels = new HashMap<>();

  /**
   * @param colours whether escape sequences may be used
   * @param starts whether the begin of a step is worth a line
   */
  StepLines(boolean colours, boolean starts) {
    this.colours = colours;
    this.starts = starts;
  }

  /** Empty when the event leaves no line. */
  List<String> of(RunEvent event) {
    return switch (event) {
      case RunEvent.Started e ->
          List.of(paint(DIM, "run    " + clean(e.chain() + "  " + e.execution())));
      case RunEvent.StepStarted e -> {
        labels.put(e.step(), e.label());
        yield starts ? List.of(paint(DIM, "start  " + name(e.step()))) : List.of();
      }
      case RunEvent.StepDone e ->
          List.of(paint(GREEN, "done") + "   " + name(e.step()) + paint(DIM, figures(e)));
      case RunEvent.StepSkipped e ->
          List.of(
              paint(
                  DIM,
                  "skip   "
                      + name(e.step())
                      + (e.reason().isBlank() ? "" : ": " + Wording.line(e.reason(), 200))));
      case RunEvent.StepFailed e ->
          List.of(
              paint(RED, "failed") + " " + name(e.step()) + ": " + Wording.line(e.error(), 500));
      case RunEvent.StepLog e -> {
        boolean warns = e.level().equals("warn") || e.level().equals("error");
        String line = "log    " + name(e.step()) + ": " + Wording.line(e.message(), 500);
        yield List.of(paint(warns ? YELLOW : DIM, line));
      }
      case RunEvent.CacheHit e -> List.of("cache  " + name(e.step()) + ": answered from the cache");
      case RunEvent.Asked e -> {
        List<String> lines = new ArrayList<>();
        lines.add(paint(YELLOW, "asks") + "   " + name(e.step()) + of(e.child()) + ":");
        clean(e.prompt()).lines().forEach(line -> lines.add("       " + line));
        yield lines;
      }
      case RunEvent.Answered e -> List.of(answered(e.step(), e.action(), e.reason()));
      case RunEvent.ChildAnswered e -> List.of(answered(e.step(), e.action(), e.reason()));
      case RunEvent.Succeeded e ->
          List.of(paint(GREEN, "ended") + "  well" + paint(DIM, after(e.durationMs())));
      case RunEvent.Failed e ->
          List.of(paint(RED, "ended") + "  with an error: " + Wording.line(e.error(), 1000));
      case RunEvent.StepOutput _, RunEvent.Other _ -> List.of();
    };
  }

  private String answered(String step, String action, String reason) {
    return "gate   "
        + name(step)
        + ": "
        + clean(action)
        + (reason.isBlank() ? "" : " (" + Wording.line(reason, 200) + ")");
  }

  private static String of(String child) {
    return child.isEmpty() ? "" : " of " + Wording.line(child, 200);
  }

  /** The step's id, and its label where that says more. */
  String name(String step) {
    String label = labels.getOrDefault(step, step);
    return label.equals(step)
        ? Wording.line(step, 100)
        : Wording.line(step, 100) + paint(DIM, "  " + Wording.line(label, 100));
  }

  String paint(String style, String text) {
    return colours && !text.isEmpty() ? "\033[" + style + "m" + text + "\033[0m" : text;
  }

  private static String figures(RunEvent.StepDone e) {
    StringBuilder figures = new StringBuilder(after(e.durationMs()));
    if (or0(e.inputTokens()) + or0(e.outputTokens()) > 0) {
      figures.append(figures.isEmpty() ? "  " : ", ");
      figures.append(or0(e.inputTokens())).append(" + ").append(or0(e.outputTokens()));
      figures.append(" tokens");
    }
    return figures.toString();
  }

  private static long or0(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  private static String after(@Nullable Long millis) {
    return millis == null ? "" : "  " + Wording.duration(millis);
  }

  private static String clean(String text) {
    return Wording.clean(text).strip();
  }
}
