package io.windlass.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts the questions of steps to the person at the keyboard, or says how to answer them. */
final class Gates {
  private final RunSite site;
  private final Progress progress;
  private final @Nullable Questions questions;

  /**
   * @param questions null when nobody sits at a keyboard
   */
  Gates(RunSite site, Progress progress, @Nullable Questions questions) {
    this.site = site;
    this.progress = progress;
    this.questions = questions;
  }

  void on(RunEvent event) {
    switch (event) {
      case RunEvent.Asked e -> ask(e);
      case RunEvent.Answered e -> settled(e.step(), e.step());
      case RunEvent.ChildAnswered e -> settled(e.approval(), e.step());
      case RunEvent.StepDone e -> settled(e.step(), e.step());
      case RunEvent.StepFailed e -> settled(e.step(), e.step());
      default -> {}
    }
  }

  private void ask(RunEvent.Asked question) {
    String step = question.step();
    boolean own = question.child().isEmpty();
    if (questions == null) {
      String named = own ? site.id() + " " + step : question.approval();
      progress.note("       answer with: windlass approve %s   (or reject)".formatted(named));
      return;
    }
    questions.ask(
        own ? step : question.approval(),
        "Approve %s? [y] yes, [n REASON] no:".formatted(Wording.line(step, 100)),
        line -> answer(question, line));
  }

  private boolean answer(RunEvent.Asked question, String line) {
    int space = line.indexOf(' ');
    String word = (space < 0 ? line : line.substring(0, space)).toLowerCase(Locale.ROOT);
    String reason = space < 0 ? "" : line.substring(space + 1).strip();
    boolean yes = word.equals("y") || word.equals("yes");
    if (!yes && !word.equals("n") && !word.equals("no")) {
      return false;
    }
    try {
      site.decide(question, yes, reason);
      return true;
    } catch (CliException e) {
      progress.note("windlass: " + e.getMessage());
      return !e.isUnreachable();
    }
  }

  private void settled(String key, String step) {
    if (questions != null && questions.withdraw(key)) {
      progress.note("       " + Wording.line(step, 100) + " was answered elsewhere");
    }
  }
}
