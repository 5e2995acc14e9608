package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import tools.jackson.databind.JsonNode;

/**
 * What the model is told of one tool call, as the journal keeps it.
 *
 * @param text what the model reads
 * @param failed whether the call failed
 * @param unusable whether the model's call was none that could be carried out
 * @param interrupted whether the call was cut short, so that nobody knows what it did
 */
record CallResult(String text, boolean failed, boolean unusable, boolean interrupted) {
  /** The most characters of a result that a model gets. */
  static final int LIMIT = 50_000;

  static CallResult of(String text, boolean failed) {
    return new CallResult(cut(text), failed, false, false);
  }

  static CallResult unusable(String text) {
    return new CallResult(text, true, true, false);
  }

  static CallResult interruption() {
    return new CallResult(
        "Interrupted: the run was stopped, or the server, while this call ran. It may have happened, in part or in"
            + " whole. Look before you repeat it.",
        true,
        false,
        true);
  }

  /** From the journal; what a person settled as done has left no result. */
  static CallResult read(JsonNode stored) {
    return stored.isObject()
        ? Json.MAPPER.treeToValue(stored, CallResult.class)
        : of("This call was interrupted; a person settled it as done. Its result is lost.", false);
  }

  private static String cut(String text) {
    String clean = text.replace('\0', '\uFFFD');
    return clean.length() <= LIMIT
        ? clean
        : "%s%n[cut: only the first %d of %d characters are shown]"
            .formatted(Excerpt.head(clean, LIMIT), LIMIT, clean.length());
  }
}
