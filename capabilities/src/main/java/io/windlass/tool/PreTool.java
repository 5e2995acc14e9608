package io.windlass.tool;

import java.util.List;

/** Something that gathers text for a variable before a step runs. */
public interface PreTool {
  /** The name in documents: {@code http_fetch}, … */
  String name();

  /** Fields that a call cannot do without. */
  List<String> required();

  /**
   * Runs on a virtual thread; interrupted on cancel and time-out.
   *
   * @return the text for the variable
   * @throws Exception any failure; its message is what {@code on_error: inject} shows
   */
  String run(PreToolCall call) throws Exception;
}
