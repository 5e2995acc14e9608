package io.windlass.cache;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Results of steps by key, each for its own time. */
public interface StepCache {
  /**
   * What was kept and has not expired.
   *
   * @param kind the definition's kind
   * @param name the definition's name
   */
  Optional<JsonNode> find(String kind, String name, String key);

  /** Keeps an entry in the place of an older one; one that is too large is not kept. */
  void put(String kind, String name, String key, JsonNode entry, Duration ttl);
}
