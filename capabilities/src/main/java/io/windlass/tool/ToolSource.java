package io.windlass.tool;

import java.util.List;

/** Where tools come from: the built-in ones, or the MCP servers, which start when first asked. */
public interface ToolSource {
  /**
   * The tools that a name in a step's {@code tools} list stands for: one tool by its own name, or
   * all tools of a server or group.
   *
   * @return none when the source does not know the name
   * @throws Exception when the source knows the name but cannot give the tools now, as when a
   *     server does not start; the message says why and what to do
   */
  List<Tool> named(String name) throws Exception;

  /**
   * Whether the name is one of this source's, told without starting anything. A source that cannot
   * tell says yes.
   */
  default boolean knows(String name) {
    return true;
  }
}
