package io.windlass.definition;

import org.jspecify.annotations.Nullable;

/**
 * Something that a check of a document found.
 *
 * @param path where, as {@code steps.2.prompt}
 * @param reason what is wrong and what to do
 * @param error whether the document cannot run; otherwise it is a warning
 * @param constraint the rule that is broken, as {@code type: string}; null when the reason says it
 */
public record Finding(String path, String reason, boolean error, @Nullable String constraint) {
  public Finding(String path, String reason, boolean error) {
    this(path, reason, error, null);
  }

  @Override
  public String toString() {
    return path + ": " + reason;
  }
}
