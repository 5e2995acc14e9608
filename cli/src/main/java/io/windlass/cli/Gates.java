package io.windlass.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    Optional<OpenQuestion> open = new Inbox(site.unified()).told(site.id(), question);
    List<String> options = open.map(OpenQuestion::options).orElse(List.of());
    if (questions == null) {
      String named = own ? site.id() + " " + step : question.approval();
      progress.note("       answer with: " + OpenQuestion.command(named, options));
      return;
    }
    String key = own ? step : question.approval();
    String shown = Wording.line(step, 100);
    if (open.isEmpty() || OpenQuestion.isPlain(options)) {
      questions.ask(
          key,
          "Approve %s? [y] yes, [n REASON] no:".formatted(shown),
          line -> yesOrNo(question, line));
    } else {
      String id = open.get().id();
      questions.ask(
          key,
          "Answer %s? %s, then a reason if you like:".formatted(shown, numbered(options)),
          line -> choice(id, options, line));
    }
  }

  /** {@code [1] repeat, [2] fail}. */
  private static String numbered(List<String> options) {
    return IntStream.range(0, options.size())
        .mapToObj(i -> "[" + (i + 1) + "] " + Wording.line(options.get(i), 100))
        .collect(Collectors.joining(", "));
  }

  /** An option is named by its number or in full. */
  private boolean choice(String id, List<String> options, String line) {
    for (int i = 0; i < options.size(); i++) {
      String option = options.get(i);
      for (String name : List.of(String.valueOf(i + 1), option)) {
        if ((line + " ").startsWith(name + " ")) {
          String reason = line.substring(name.length()).strip();
          return told(() -> site.choose(id, option, reason));
        }
      }
    }
    return false;
  }

  private boolean yesOrNo(RunEvent.Asked question, String line) {
    int space = line.indexOf(' ');
    String word = (space < 0 ? line : line.substring(0, space)).toLowerCase(Locale.ROOT);
    String reason = space < 0 ? "" : line.substring(space + 1).strip();
    boolean yes = word.equals("y") || word.equals("yes");
    if (!yes && !word.equals("n") && !word.equals("no")) {
      return false;
    }
    return told(() -> site.decide(question, yes, reason));
  }

  /** False asks again. */
  private boolean told(Runnable decision) {
    try {
      decision.run();
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
