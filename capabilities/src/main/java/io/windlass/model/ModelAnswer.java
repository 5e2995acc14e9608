package io.windlass.model;

import io.windlass.step.Usage;
import java.util.List;

/**
 * A model's whole answer.
 *
 * @param text all of it, the pieces joined
 * @param finish why it ended
 * @param usage the tokens as the provider counted them, zero where it did not, and the model that
 *     answered as {@code provider/name}
 * @param calls the tools that the model asks for, in its order
 */
public record ModelAnswer(String text, Finish finish, Usage usage, List<ToolUse> calls) {
  public ModelAnswer {
    // An answer that was stored before there were calls has none.
    calls = calls == null ? List.of() : List.copyOf(calls);
  }

  /** An answer that asks for no tool. */
  public ModelAnswer(String text, Finish finish, Usage usage) {
    this(text, finish, usage, List.of());
  }

  /** Why an answer ended. */
  public enum Finish {
    /** The model was done. */
    STOP,
    /** The token limit was reached: the text is cut. */
    LENGTH,
    /** The provider withheld the rest. */
    FILTERED,
    /** The model wants a tool to be called. */
    TOOL,
    /** The provider gave no reason, or one of its own. */
    OTHER
  }
}
