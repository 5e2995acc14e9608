package io.windlass.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** Questions to the person at the keyboard, one at a time; any of them can be withdrawn. */
final class Questions {
  private record Question(String key, String text, Predicate<String> answer) {}

  private final Terminal terminal;
  private final Progress progress;
  private final Deque<Question> open = new ArrayDeque<>();
  private boolean reading;
  private boolean deaf;

  Questions(Terminal terminal, Progress progress) {
    this.terminal = terminal;
    this.progress = progress;
  }

  /**
   * Asks when its turn comes, again and again until the answer is accepted.
   *
   * @param key what it is withdrawn by; a second question under an open key is not asked
   * @param text one line, without a line break
   * @param answer takes a line; false asks again
   */
  synchronized void ask(String key, String text, Predicate<String> answer) {
    add(key, text, answer, false);
  }

  /** Asks before every other question. */
  synchronized void askFirst(String key, String text, Predicate<String> answer) {
    add(key, text, answer, true);
  }

  private void add(String key, String text, Predicate<String> answer, boolean first) {
    if (deaf || open.stream().anyMatch(question -> question.key().equals(key))) {
      return;
    }
    Question question = new Question(key, text, answer);
    if (first) {
      open.addFirst(question);
    } else {
      open.addLast(question);
    }
    if (question.equals(open.peekFirst())) {
      show(question);
    }
    if (!reading) {
      reading = true;
      Thread.ofPlatform().daemon().name("keyboard").start(this::read);
    }
  }

  /** The question has been settled elsewhere; false when it was not open. */
  synchronized boolean withdraw(String key) {
    Question shown = open.peekFirst();
    if (!open.removeIf(question -> question.key().equals(key))) {
      return false;
    }
    if (shown != null && shown.key().equals(key)) {
      terminal.err().println();
      next();
    }
    return true;
  }

  /** Nothing is asked any more. */
  synchronized void end() {
    if (!open.isEmpty()) {
      terminal.err().println();
    }
    giveUp();
  }

  private void read() {
    // Not closed: the keyboard is not ours.
    var lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answer(line.strip());
      }
    } catch (IOException e) {
      terminal.complain("the keyboard can no longer be read: " + e.getMessage());
    }
    giveUp();
  }

  private synchronized void answer(String line) {
    Question question = open.peekFirst();
    if (question == null) {
      return;
    }
    if (question.answer().test(line)) {
      open.remove(question);
      next();
    } else {
      show(question);
    }
  }

  private synchronized void giveUp() {
    deaf = true;
    open.clear();
    progress.release();
  }

  private void next() {
    Question question = open.peekFirst();
    if (question == null) {
      progress.release();
    } else {
      show(question);
    }
  }

  private void show(Question question) {
    progress.hold();
    terminal.err().print(question.text() + " ");
    terminal.err().flush();
  }
}
