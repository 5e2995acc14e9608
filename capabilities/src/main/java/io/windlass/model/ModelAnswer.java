package io.windlass.model;

import io.windlass.step.Usage;

/**
 * A model's whole answer.
 *
 * @param text all of it, the pieces joined
 * @param finish why it ended
 * @param usage the tokens as the provider counted them, zero where it did not, and the model that
 *     answered as {@code provider/name}
 */
public record ModelAnswer(String text, Finish finish, Usage usage) {
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
