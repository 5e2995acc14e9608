package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/** A tool of tests, with one required text argument, which remembers its calls. */
final class FakeTool implements Tool {
  final List<ToolCall> calls = new CopyOnWriteArrayList<>();
  private final String name;
  private final boolean readOnly;
  private final Action action;
  Optional<Duration> timeLimit = Optional.empty();

  /** What it does. */
  interface Action {
    ToolResult of(ToolCall call) throws Exception;
  }

  FakeTool(String name, boolean readOnly, Action action) {
    this.name = name;
    this.readOnly = readOnly;
    this.action = action;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "does something";
  }

  @Override
  public ObjectNode schema() {
    return (ObjectNode)
        Json.read(
            """
            {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}}\
            """);
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public Optional<Duration> timeLimit() {
    return timeLimit;
  }

  @Override
  public ToolResult call(ToolCall call) throws Exception {
    calls.add(call);
    return action.of(call);
  }
}
