package io.windlass.definition;

import io.windlass.step.State;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides from the state whether a ready node runs, and whether something follows it. */
@FunctionalInterface
public interface Guard {
  Guard NONE = state -> new Run();

  Verdict check(State state);

  /**
   * Why nothing can follow the node though something should, asked when it is about to end; null
   * when all is well.
   *
   * @param after makes the state that the node leaves
   */
  default @Nullable String deadEnd(Supplier<State> after) {
    return null;
  }

  /** What a guard can say. */
  sealed interface Verdict {}

  record Run() implements Verdict {}

  /** The node is skipped: its output is the empty text and its dependants go on. */
  record Skip(String reason) implements Verdict {}

  /**
   * The node is skipped; the nodes no further from the beginning than it still run, no other
   * begins, and the execution ends well.
   */
  record End(String reason) implements Verdict {}
}
