package io.windlass.memory;

import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.util.List;

/** The pre-tool {@code state_save}: keeps a text under a key; gives the text. */
final class StateSave implements PreTool {
  static final int LONGEST_KEY = 500;
  static final int LONGEST_VALUE = 1 << 20;

  private final StateStore states;
  private final Memory.Surroundings surroundings;

  StateSave(StateStore states, Memory.Surroundings surroundings) {
    this.states = states;
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return "state_save";
  }

  @Override
  public List<String> required() {
    return List.of("key", "value");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) {
    String key = Drawer.required("key", call.text("key"), LONGEST_KEY);
    String value = Drawer.checked("value", call.text("value"), LONGEST_VALUE);
    states.save(
        Drawer.of(call, "scope", surroundings), key, value, call.context().clock().instant());
    return value;
  }
}
