package io.windlass.model;

import io.windlass.step.Usage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a program has said so far; confined to the thread that reads it. */
final class ProgramAnswer {
  private final String model;
  private final String label;
  private final Consumer<String> pieces;
  private String last = "";
  private Usage usage;
  private ModelAnswer.Finish finish = ModelAnswer.Finish.STOP;
  private @Nullable ModelFailure failure;
  private boolean begun;
  private boolean parted;
  private boolean ended;
  private long length;

  /**
   * @param model the model that was asked for; empty for the program's own choice
   */
  ProgramAnswer(String label, String model, Consumer<String> pieces) {
    this.model = model;
    this.label = label;
    this.pieces = pieces;
    this.usage = new Usage(label, 0, 0, null);
  }

  String model() {
    return model;
  }

  /** A part of what it says. */
  void piece(String text) {
    length += text.length();
    if (length > Exchange.LONGEST) {
      fail(
          ModelFailure.Kind.TOO_LONG,
          "the answer is longer than " + Exchange.LONGEST + " characters; ask for less");
    }
    if (failure == null && !text.isEmpty()) {
      pieces.accept(parted && begun ? "\n\n" + text : text);
      begun = true;
      parted = false;
    }
  }

  /** What comes next is another message. */
  void part() {
    parted = true;
  }

  /** The latest message whole; the last one is the answer. */
  void message(String text) {
    last = text;
  }

  void usage(Usage counted) {
    usage = new Usage(label, counted.inputTokens(), counted.outputTokens(), counted.costUsd());
  }

  void end(ModelAnswer.Finish how) {
    finish = how;
    ended = true;
  }

  void fail(ModelFailure.Kind kind, String what) {
    if (failure == null) {
      failure = new ModelFailure(kind, label + ": " + what);
    }
  }

  boolean failed() {
    return failure != null;
  }

  /**
   * The answer, once nothing more comes.
   *
   * @param code how the program ended
   * @param errors what it printed of errors
   */
  ModelAnswer whole(int code, String errors) {
    if (failure == null && !ended) {
      fail(
          ModelFailure.Kind.CONNECTION,
          "it ended with exit code %d before its answer was complete%s"
              .formatted(code, errors.isBlank() ? "" : ": " + Refusal.shortened(errors)));
    }
    if (failure != null) {
      throw failure;
    }
    return new ModelAnswer(last, finish, usage);
  }
}
