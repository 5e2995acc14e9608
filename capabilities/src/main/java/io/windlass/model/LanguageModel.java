package io.windlass.model;

import java.util.function.Consumer;

/** Something that answers messages with text. Implementations are safe for use by many threads. */
@FunctionalInterface
public interface LanguageModel {
  /**
   * Asks once and blocks until the answer is whole; made for a virtual thread. An interrupt ends
   * the call at once and closes its connection.
   *
   * @param pieces takes the answer's text piece by piece, in order, before this returns; it is
   *     never called after that
   * @throws ModelFailure when there is no whole answer
   * @throws InterruptedException when the calling thread was interrupted
   */
  ModelAnswer ask(ModelRequest request, Consumer<String> pieces) throws InterruptedException;
}
