package io.windlass.surface.compute;

import java.util.IdentityHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** How many characters of values one answer still takes. What no longer fits is left out of it. */
final class Allowance {
  private final Map<JsonNode, Integer> sizes = new IdentityHashMap<>();
  private long left;
  private int refused;

  Allowance(long characters) {
    this.left = characters;
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

  /** How many values found no room. */
  int refused() {
    return refused;
  }
}
