package io.windlass.surface.compute;

import java.util.IdentityHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How many characters of values one answer still takes. What no longer fits is left out of it. */
final class Allowance {
  private static final long VALUES = 16_000_000;
  private final Map<JsonNode, Integer> sizes = new IdentityHashMap<>();
  private long left;
  private int refused;

  Allowance(long characters) {
    this.left = characters;
  }

  /** What a view of one execution may hold of inputs and outputs. */
  static Allowance ofValues() {
    return new Allowance(VALUES);
  }

  /** Whether there is room for the value, which then is taken. */
  boolean takes(JsonNode value) {
    if (left <= 0 || !takes(sizes.computeIfAbsent(value, it -> it.toString().length()))) {
      refused++;
      return false;
    }
    return true;
  }

  private boolean takes(long size) {
    if (size > left) {
      return false;
    }
    left -= size;
    return true;
  }

  /** Says how many values the answer does without, if any. */
  void tell(ObjectNode answer) {
    if (refused > 0) {
      answer.put("omitted_values", refused);
    }
  }
}
