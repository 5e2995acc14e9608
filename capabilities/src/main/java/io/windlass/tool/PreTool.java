package io.windlass.tool;

import io.windlass.step.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Something that gathers text for a variable before a step runs. */
public interface PreTool {
  /** The name in documents: {@code http_fetch}, … */
  String name();

  /** Fields that a call cannot do without. */
  List<String> required();

  /**
   * Whether {@code cache_ttl_minutes} applies: not to a tool that changes something or that only
   * computes from the variables.
   */
  default boolean cacheable() {
    return true;
  }

  /** Whether it only computes from its fields and the clock, so that a dry run may run it. */
  default boolean isPure() {
    return false;
  }

  /**
   * Whether a person decides about a call that a crash interrupted, since it may have reached
   * somebody; others are repeated.
   */
  default boolean asksAfterCrash() {
    return false;
  }

  /**
   * What one attempt may take of a call that sets no {@code timeout_ms}; empty for the usual time.
   *
   * @param fields the call's fields as the document has them
   * @param state the variables
   */
  default Optional<Duration> timeLimit(ObjectNode fields, State state) {
    return Optional.empty();
  }

  /**
   * Runs on a virtual thread; interrupted on cancel and time-out.
   *
   * @return the text for the variable
   * @throws Exception any failure; its message is what {@code on_error: inject} shows
   */
  String run(PreToolCall call) throws Exception;
}
