package io.windlass.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tools that are part of the house, each known by its own name. */
public final class BuiltInTools implements ToolSource {
  private final Map<String, Tool> tools = new LinkedHashMap<>();

  public BuiltInTools(List<Tool> tools) {
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
  }

  @Override
  public List<Tool> named(String name) {
    Tool tool = tools.get(name);
    return tool == null ? List.of() : List.of(tool);
  }

  @Override
  public boolean knows(String name) {
    return tools.containsKey(name);
  }
}
