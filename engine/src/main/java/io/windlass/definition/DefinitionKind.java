package io.windlass.definition;

import io.windlass.step.State;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A format of documents that can be run: how to read one, check it, compile it, take its input. */
public interface DefinitionKind {
  /** {@code chain}, {@code pipeline}, … */
  String name();

  /**
   * What stands before the 16 hexadecimal digits of its executions' public ids, as {@code pip_}.
   */
  default String publicIdPrefix() {
    return "";
  }

  /** Why no document can have that name; empty when one can. */
  default Optional<String> nameFault(String name) {
    return Optional.empty();
  }

  /**
   * Reads a document's outline.
   *
   * @throws io.windlass.kernel.WindlassException INVALID_DEFINITION, one {@code path: reason} line
   *     per fault
   */
  Outline outline(String name, String source);

  /** Every fault and warning of a document, none when it is flawless. */
  List<Finding> lint(String name, String source);

  /**
   * Compiles a document.
   *
   * @throws io.windlass.kernel.WindlassException INVALID_DEFINITION when it cannot run
   */
  Flow compile(String name, String source);

  /**
   * Checks the input of a run that is to begin later, as a schedule's: what need not be there yet,
   * as a file, is not looked for.
   *
   * @throws io.windlass.kernel.WindlassException INVALID_INPUT naming every input at fault
   */
  default void check(String name, String source, ObjectNode input) {
    begin(name, source, input);
  }

  /**
   * The state that a run begins with.
   *
   * @throws io.windlass.kernel.WindlassException INVALID_INPUT naming every input at fault
   */
  State begin(String name, String source, ObjectNode input);
}
