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

  private final String step;
  private final int attempt;
  private final ExecutionLog journal;
  private final OutputFlusher flusher;
  private final StringBuilder gathered = new StringBuilder();
  private long stored;
  private int hash;
  private boolean known;
  private boolean ended;

  OutputPieces(String step, int attempt, ExecutionLog journal, OutputFlusher flusher) {
    this.step = step;
    this.attempt = attempt;
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
    journal.append(List.of(new Event.StepOutput(step, attempt, stored, text)));
    stored += text.length();
  }
}
