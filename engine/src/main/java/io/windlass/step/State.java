package io.windlass.step;

import io.windlass.kernel.Json;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The variables of an execution at one moment; immutable, in the order of their setting. */
public final class State {
  public static final State EMPTY = new State(Map.of());

  private static final long UNCOUNTED = -1;

  /** Never changed. */
  private final LinkedHashMap<String, JsonNode> own;

  /** Counted when it is first asked for, and kept up from there: states follow one another. */
  private volatile long characters = UNCOUNTED;

  public State(Map<String, JsonNode> values) {
    this(new LinkedHashMap<>(values));
  }

  /** Takes the map as its own: nobody else may hold it. */
  private State(LinkedHashMap<String, JsonNode> own) {
    this.own = own;
  }

  /** Each variable's value by name. */
  public Map<String, JsonNode> values() {
    return Collections.unmodifiableMap(own);
  }

  /** How many characters the values of all variables have as text. */
  public long characters() {
    long known = characters;
    if (known == UNCOUNTED) {
      known = characters(own.values());
      characters = known;
    }
    return known;
  }

  /** How many characters these values have as text. */
  public static long characters(Iterable<? extends @Nullable JsonNode> values) {
    long all = 0;
    for (JsonNode value : values) {
      all += length(value);
    }
    return all;
  }

  private static int length(@Nullable JsonNode value) {
    return Json.show(value).length();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof State state && state.own.equals(own);
  }

  @Override
  public int hashCode() {
    return own.hashCode();
  }

  @Override
  public String toString() {
    return own.toString();
  }

  public Optional<JsonNode> find(String name) {
    return Optional.ofNullable(own.get(name));
  }

  /** The variable as text: strings raw, other values as JSON, empty when it is not set. */
  public String text(String name) {
    return Json.show(own.get(name));
  }

  public boolean has(String name) {
    return own.containsKey(name);
  }

  /** This state with more variables set; later values win. */
  public State with(Map<String, JsonNode> more) {
    if (more.isEmpty()) {
      return this;
    }
    LinkedHashMap<String, JsonNode> merged = new LinkedHashMap<>(own);
    merged.putAll(more);
    State next = new State(merged);
    long known = characters;
    if (known != UNCOUNTED) {
      for (Map.Entry<String, JsonNode> variable : more.entrySet()) {
        known += length(variable.getValue()) - length(own.get(variable.getKey()));
      }
      next.characters = known;
    }
    return next;
  }

  public State with(String name, JsonNode value) {
    return with(Collections.singletonMap(name, value));
  }

  /** All variables as text. */
  public Map<String, String> texts() {
    Map<String, String> texts = HashMap.newHashMap(own.size());
    own.forEach((name, value) -> texts.put(name, Json.show(value)));
    return texts;
  }
}
