package io.windlass.execution;

import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import java.util.List;

/**
 * A step's output as it comes: shown live at once, gathered before it is stored. What is still
 * gathered when the step ends is not stored at all where the step's result holds it.
 */
final class OutputPieces {
  private static final int STORE_AT = 8192;

  private final NodeProgress progress;
  private final String step;
  private final int attempt;
  private final ExecutionLog journal;
  private final OutputFlusher flusher;
  private final StringBuilder gathered = new StringBuilder();

  /** What earlier runs of this attempt told, as far as this one has not told it again. */
  private final StringBuilder before;

  private long stored;
  private int hash;
  private boolean known;
  private boolean ended;

  OutputPieces(NodeProgress progress, ExecutionLog journal, OutputFlusher flusher) {
    this.progress = progress;
    this.step = progress.node.id();
    this.attempt = progress.attempt;
    this.before = new StringBuilder(progress.toldSoFar());
    this.stored = before.length();
    this.hash = before.toString().hashCode();
    this.journal = journal;
    this.flusher = flusher;
  }

  synchronized void add(String chunk) {
    if (ended || chunk.isEmpty()) {
      return;
    }
    journal.show(new Event.StepOutput(step, attempt, stored + gathered.length(), chunk));
    gathered.append(chunk);
    for (int i = 0; i < chunk.length(); i++) {
      hash = 31 * hash + chunk.charAt(i);
    }
    if (gathered.length() >= STORE_AT) {
      store();
    } else if (!known) {
      known = true;
      flusher.add(this);
    }
  }

  /**
   * Adds a text unless an earlier run of this attempt has told it; of one that was told in part,
   * the rest.
   */
  synchronized void retell(String text) {
    int at = before.indexOf(text);
    if (at >= 0) {
      before.delete(at, at + text.length());
      return;
    }
    for (int i = Math.max(0, before.length() - text.length()); i < before.length(); i++) {
      if (text.startsWith(before.substring(i))) {
        int told = before.length() - i;
        before.setLength(i);
        add(text.substring(told));
        return;
      }
    }
    add(text);
  }

  /** How many characters there were. */
  synchronized long length() {
    return stored + gathered.length();
  }

  /** Stores what has been gathered, as the flusher asks for from time to time. */
  synchronized void flush() {
    if (!ended && !gathered.isEmpty()) {
      store();
    }
  }

  /** Whether everything that was told is how the text begins. */
  synchronized boolean isBeginningOf(String text) {
    long length = stored + gathered.length();
    return length <= text.length() && text.substring(0, (int) length).hashCode() == hash;
  }

  /** Whether anything has not been stored yet. */
  synchronized boolean isGathering() {
    return !gathered.isEmpty();
  }

  synchronized void end() {
    ended = true;
    gathered.setLength(0);
    if (known) {
      flusher.remove(this);
    }
  }

  private void store() {
    String text = gathered.toString();
    gathered.setLength(0);
    Event.StepOutput piece = new Event.StepOutput(step, attempt, stored, text);
    journal.append(List.of(piece));
    progress.output(piece);
    stored += text.length();
  }
}
