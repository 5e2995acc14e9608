package io.windlass.tool;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Something that an agent may call in its loop: a built-in one, or one of an MCP server. */
public interface Tool {
  /** As models and documents call it: letters, digits, hyphens, underscores; at most 64. */
  String name();

  /** What it does and when to use it, for the model. */
  String description();

  /** The JSON Schema of its arguments, of type object. */
  ObjectNode schema();

  /** Whether a call changes nothing, so that one that was interrupted may simply be repeated. */
  boolean isReadOnly();

  /** Whether a call with these arguments changes nothing. */
  default boolean isReadOnly(ObjectNode arguments) {
    return isReadOnly();
  }

  /** What a call may take whose step sets no limit; empty for the usual time. */
  default Optional<Duration> timeLimit() {
    return Optional.empty();
  }

  /**
   * Runs on a virtual thread; interrupted on cancel and time-out. The arguments fit the schema.
   *
   * @return what the model reads, failures that it can do something about included
   * @throws Exception any other failure; its message is what the model reads
   */
  ToolResult call(ToolCall call) throws Exception;
}
