package io.windlass.generation;

import java.util.ArrayList;
import java.util.List;

/**
 * A conversation about a chain that is to be.
 *
 * @param id its public id, {@code gen-…}
 * @param turns what was said, the person first, then in turn
 */
record GenerationSession(String id, List<Turn> turns) {
  GenerationSession {
    turns = List.copyOf(turns);
  }

  /**
   * One message.
   *
   * @param model whether the model said it
   * @param text what
   */
  record Turn(boolean model, String text) {}

  GenerationSession said(boolean model, String text) {
    List<Turn> more = new ArrayList<>(turns);
    more.add(new Turn(model, text));
    return new GenerationSession(id, more);
  }
}
