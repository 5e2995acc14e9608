package io.windlass.surface.unified;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Tells what a run of a document would do, by a dry run of it. */
@FunctionalInterface
public interface Planner {
  /**
   * A document to be tried.
   *
   * @param name what it is called, which need not be saved
   * @param source its text
   * @param script answers in place of models and tools, in YAML or JSON; null for none
   */
  record Draft(
      String kind, String name, String source, ObjectNode input, @Nullable String script) {}

  /**
   * Faults of the document and its input are part of the answer.
   *
   * @throws io.windlass.kernel.WindlassException INVALID_INPUT for an unusable script
   */
  DryRunJson plan(Draft draft) throws InterruptedException;
}
