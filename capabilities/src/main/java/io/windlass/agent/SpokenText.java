package io.windlass.agent;

import io.windlass.step.StepContext;

/**
 * The text of a conversation's turns as one output, blank lines between them. What the journal
 * answered is told again, so that the output of a step that goes on is the same from its beginning.
 */
final class SpokenText {
  private static final String BETWEEN = "\n\n";

  private final StepContext context;
  private boolean anything;

  SpokenText(StepContext context) {
    this.context = context;
  }

  Turn turn() {
    return new Turn();
  }

  /** The text of one turn. */
  final class Turn {
    private boolean live;

    void piece(String text) {
      if (text.isEmpty()) {
        return;
      }
      context.output(parted(text));
      live = true;
    }

    private String parted(String text) {
      return !live && anything ? BETWEEN + text : text;
    }

    /** The turn's answer is whole. One that needs no telling is the step's output itself. */
    void end(Asking.Reply reply) {
      boolean alone = !anything && reply.answer().calls().isEmpty();
      String text = reply.broken() + reply.answer().text();
      if (!live && !alone && !text.isEmpty()) {
        context.retell(parted(text));
        live = true;
      }
      anything |= live;
    }
  }
}
