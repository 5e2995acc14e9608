package io.windlass.generation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What the model is told. */
final class Guide {
  /** A description of fewer words than this leaves more open than a model should guess. */
  private static final int THIN = 6;

  private Guide() {}

  /** The format and how to answer. */
  static String read() {
    try (InputStream in = Guide.class.getResourceAsStream("guide.md")) {
      if (in == null) {
        throw new IllegalStateException("guide.md is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String description(String text) {
    String thin =
        text.split("\\s+").length < THIN
            ? "\n\nThis description is very short: ask before you write."
            : "";
    return "Write a chain for this description:\n\n" + text + thin;
  }

  static String answers(String text) {
    return "The answers to your questions:\n\n" + text + "\n\nNow write the chain.";
  }

  static String faults(String faults) {
    return "A check of your chain found these faults, one `path: reason` a line:\n\n"
        + faults
        + "\n\nMend all of them and send the whole corrected document in one ```yaml block.";
  }
}
