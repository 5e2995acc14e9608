package io.windlass.surface.chains;

import io.windlass.journal.Event.StepDone;
import io.windlass.journal.Event.StepOutput;
import io.windlass.kernel.Json;

/**
 * How much of one step's output a stream has shown. Pieces come live, then again in the journal,
 * and in the end the whole output comes; each character goes out once.
 */
final class Shown {
  private int attempt;
  private long length;
  private int hash;

  /** The end of that which has been kept back so far. */
  private final StringBuilder kept = new StringBuilder();

  /** The step begins, or begins anew after a resume, and so does its output. */
  void begin() {
    restart(0);
  }

  /** The part of the piece that is new; empty when there is none. */
  String more(StepOutput piece, boolean live) {
    if (piece.attempt() < attempt) {
      return "";
    }
    if (piece.attempt() > attempt) {
      restart(piece.attempt());
    }
    long end = piece.offset() + piece.text().length();
    boolean gap = piece.offset() > length;
    // A live piece after a gap is left to the journal, which brings what is missing, too.
    if (end <= length || (live && gap)) {
      return "";
    }
    String fresh = gap ? piece.text() : piece.text().substring((int) (length - piece.offset()));
    length = end;
    hash = hash(hash, fresh);
    return fresh;
  }

  /**
   * The part of the finished step's output that is new. Nothing when what was shown is not how the
   * output begins: then the pieces told the work, and the output is something else.
   */
  String rest(StepDone done) {
    String whole = Json.show(done.output());
    if (done.attempt() > attempt) {
      restart(done.attempt());
    }
    if (whole.length() <= length || hash(0, whole.substring(0, (int) length)) != hash) {
      return "";
    }
    String fresh = whole.substring((int) length);
    length = whole.length();
    hash = hash(hash, fresh);
    return fresh;
  }

  /** Keeps what is new in a stored piece back; whether anything is kept. */
  boolean keep(StepOutput piece) {
    String fresh = more(piece, false);
    kept.append(fresh);
    return !kept.isEmpty();
  }

  /** What was kept back. */
  String kept() {
    String text = kept.toString();
    kept.setLength(0);
    return text;
  }

  /** Another attempt begins: pieces of earlier ones are nothing any more. */
  void next(int nextAttempt) {
    if (nextAttempt > attempt) {
      restart(nextAttempt);
    }
  }

  /**
   * The whole output of the finished step, whatever its pieces told, unless some of them have gone
   * out: then what is new.
   */
  String whole(StepDone done) {
    next(done.attempt());
    if (length > kept.length()) {
      return kept() + rest(done);
    }
    restart(attempt);
    return rest(done);
  }

  private void restart(int nextAttempt) {
    kept.setLength(0);
    attempt = nextAttempt;
    length = 0;
    hash = 0;
  }

  /** The polynomial of {@link String#hashCode}, which can be continued. */
  private static int hash(int soFar, String more) {
    int hash = soFar;
    for (int i = 0; i < more.length(); i++) {
      hash = 31 * hash + more.charAt(i);
    }
    return hash;
  }
}
