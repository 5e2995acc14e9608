package io.windlass.surface.unified;

import io.windlass.definition.Definition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells what a run of a definition would do, without doing it. */
@FunctionalInterface
public interface Planner {
  /**
   * The plan; its shape belongs to the definition's kind.
   *
   * @throws io.windlass.kernel.WindlassException INVALID_INPUT, INVALID_DEFINITION
   */
  JsonNode plan(Definition definition, ObjectNode input);
}
