package io.windlass.generation;

import java.util.List;

/** What came of a round of a generation. */
public sealed interface Generation {
  /** The session that goes on with the answers, or that is over. */
  String session();

  /**
   * The description leaves too much open.
   *
   * @param session to be named with the answers
   * @param questions what to answer, at least one
   */
  record Questions(String session, List<String> questions) implements Generation {
    public Questions {
      questions = List.copyOf(questions);
    }
  }

  /**
   * A chain was written, found sound and saved.
   *
   * @param session over with it
   * @param chain the name it is saved under
   * @param yaml its document
   * @param summary what it does, in a few words
   */
  record Created(String session, String chain, String yaml, String summary) implements Generation {}
}
