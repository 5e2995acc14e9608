package io.windlass.graph;

import io.windlass.definition.Reduction;
import io.windlass.step.State;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A graph's channels by name; what is set beyond them is replaced. */
record Channels(Map<String, Channel> byName) implements Reduction {
  @Nullable Channel find(String name) {
    return byName.get(name);
  }

  Channel get(String name) {
    Channel channel = byName.get(name);
    return channel == null ? Channel.plain(name) : channel;
  }

  @Override
  public State apply(State state, Map<String, JsonNode> set) {
    Map<String, JsonNode> next = LinkedHashMap.newLinkedHashMap(set.size());
    set.forEach((name, value) -> {
      Channel channel = byName.get(name);
      next.put(name, channel == null ? value : channel.reduce(state.find(name), value));
    });
    return state.with(next);
  }

  /** A node that was skipped updates nothing. */
  @Override
  public State skipped(State state, String output) {
    return state;
  }
}
