package io.windlass.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lists show of a definition without compiling it.
 *
 * @param title its display name
 * @param description what it is for
 * @param version the version text that its author gave
 * @param steps how many steps (or chains, in a pipeline) it has
 * @param inputs what it takes
 */
public record Outline(
    String title,
    @Nullable String description,
    @Nullable String version,
    int steps,
    List<InputField> inputs) {
  public Outline {
    inputs = List.copyOf(inputs);
  }
}
