package io.windlass.graph;

import io.windlass.step.State;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One way on in a graph: once all of its beginnings have finished and its condition holds, its
 * targets run.
 *
 * @param path where the document has it
 * @param from none for the start
 * @param to END among them, perhaps
 * @param always whether it has no condition
 */
record Arc(
    String path, Set<String> from, List<String> to, boolean always, Predicate<State> condition) {
  static final String START = "START";
  static final String END = "END";

  boolean isJoin() {
    return from.size() > 1;
  }

  /** The word of the document for the beginning or the end, whichever of its forms was used. */
  static String place(String written) {
    return switch (written) {
      case "__start__" -> START;
      case "__end__" -> END;
      default -> written;
    };
  }
}
