package io.windlass.step;

import io.windlass.kernel.Json;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The variables of an execution at one moment; immutable, in the order of their setting.
 *
 * @param values each variable's value by name
 */
public record State(Map<String, JsonNode> values) {
  public static final State EMPTY = new State(Map.of());

  public State {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  public Optional<JsonNode> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The variable as text: strings raw, other values as JSON, empty when it is not set. */
  public String text(String name) {
    return Json.show(values.get(name));
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** This state with more variables set; later values win. */
  public State with(Map<String, JsonNode> more) {
    if (more.isEmpty()) {
      return this;
    }
    Map<String, JsonNode> merged = new LinkedHashMap<>(values);
    merged.putAll(more);
    return new State(merged);
  }

  public State with(String name, JsonNode value) {
    return with(Map.of(name, value));
  }

  /** All variables as text. */
  public Map<String, String> texts() {
    Map<String, String> texts = HashMap.newHashMap(values.size());
    values.forEach((name, value) -> texts.put(name, Json.show(value)));
    return texts;
  }
}
