package io.windlass.memory;

import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.util.List;

/** The pre-tool {@code state_load}: what was last saved under a key, or the default. */
final class StateLoad implements PreTool {
  private final StateStore states;
  private final Memory.Surroundings surroundings;

  StateLoad(StateStore states, Memory.Surroundings surroundings) {
    this.states = states;
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return "state_load";
  }

  @Override
  public List<String> required() {
    return List.of("key");
  }

  /** A value that another execution saves meanwhile is to be seen. */
  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) {
    String key = Drawer.required("key", call.text("key"), StateSave.LONGEST_KEY);
    return states
        .load(Drawer.of(call, "scope", surroundings), key)
        .orElseGet(() -> call.text("default"));
  }
}
