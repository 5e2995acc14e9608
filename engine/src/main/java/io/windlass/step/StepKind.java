package io.windlass.step;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A kind of step that documents name, and how to bind it to the fields of one step. */
public interface StepKind {
  /** The name in documents: {@code agent}, {@code transform}, … */
  String name();

  /**
   * Binds the kind to one step's fields as the document has them, aliases resolved.
   *
   * @throws io.windlass.kernel.WindlassException INVALID_DEFINITION when a field is unusable
   */
  Step bind(ObjectNode fields);

  /** What is wrong with the fields, as {@code field: reason}; empty when they can be bound. */
  default List<String> faults(ObjectNode fields) {
    return List.of();
  }

  /** What of the fields will not do what its author may expect, in the same form. */
  default List<String> warnings(ObjectNode fields) {
    return List.of();
  }

  /**
   * Whether its steps themselves bound each of their model calls by {@code timeout_ms}, so that the
   * attempt as a whole needs no bound.
   */
  default boolean timesItsCalls() {
    return false;
  }

  /**
   * Whether its steps touch the world only through what the kind was built with (models, tools), so
   * that one built with pretending ones may run in a dry run.
   */
  default boolean isRehearsable() {
    return false;
  }
}
