package io.windlass.tool;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Template;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Texts of pre-tools for {@code cache_ttl_minutes}, in memory, the least recently used dropped. */
final class PreToolCache {
  private static final int MOST_ENTRIES = 1_000;
  private static final long MOST_CHARACTERS = 32L << 20;
  private static final Set<String> UNRELATED =
      Set.of(
          "inject_as", "label", "on_error", "timeout_ms", "retry", "cache_ttl_minutes", "parallel");

  private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long characters;

  private record Entry(String text, Instant until) {}

  synchronized Optional<String> find(String key, Instant now) {
    Entry entry = entries.get(key);
    return entry != null && now.isBefore(entry.until) ? Optional.of(entry.text) : Optional.empty();
  }

  synchronized void put(String key, String text, Instant until) {
    Entry before = entries.put(key, new Entry(text, until));
    characters += text.length() - (before == null ? 0 : before.text.length());
    Iterator<Entry> oldest = entries.values().iterator();
    while (entries.size() > MOST_ENTRIES || characters > MOST_CHARACTERS) {
      characters -= oldest.next().text.length();
      oldest.remove();
    }
  }

  /** The same for calls that would do the same: the type and every rendered field of weight. */
  static String key(ObjectNode fields, State state) {
    Map<String, Object> weighty = new TreeMap<>();
    fields
        .properties()
        .forEach(field -> {
          if (!UNRELATED.contains(field.getKey())) {
            weighty.put(field.getKey(), rendered(field.getValue(), state));
          }
        });
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(Json.write(weighty).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String rendered(JsonNode value, State state) {
    return Template.render(Json.show(value), state);
  }
}
