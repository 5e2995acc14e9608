package io.windlass.definition;

/**
 * Something that a check of a document found.
 *
 * @param path where, as {@code steps.2.prompt}
 * @param reason what is wrong and what to do
 * @param error whether the document cannot run; otherwise it is a warning
 */
public record Finding(String path, String reason, boolean error) {
  @Override
  public String toString() {
    return path + ": " + reason;
  }
}
