package io.windlass.text;

import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The chain format's paths into JSON: words joined by dots, with an optional {@code $.} before
 * them. A number indexes a list ({@code items.0} or {@code items[0]}), {@code *} applies the rest
 * of the path to each element, {@code ['a.b']} names a field that holds a dot, and {@code length}
 * counts a list.
 */
public final class JsonPath {
  private final List<String> parts;

  private JsonPath(List<String> parts) {
    this.parts = List.copyOf(parts);
  }

  public static JsonPath parse(String path) {
    List<String> parts = new ArrayList<>();
    String text = path.strip();
    int at = text.startsWith("$") ? 1 : 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '.') {
        at++;
        continue;
      }
      int end = c == '[' ? text.indexOf(']', at) : wordEnd(text, at);
      if (c == '[' && end >= 0) {
        parts.add(unquote(text.substring(at + 1, end).strip()));
        at = end + 1;
      } else {
        end = end < 0 ? text.length() : end;
        parts.add(text.substring(at, end));
        at = end;
      }
    }
    return new JsonPath(parts);
  }

  /** What the path leads to; null when it leads nowhere. */
  public @Nullable JsonNode find(JsonNode root) {
    return find(root, 0);
  }

  private @Nullable JsonNode find(JsonNode root, int from) {
    JsonNode here = root;
    for (int i = from; i < parts.size(); i++) {
      String part = parts.get(i);
      if (part.equals("*") && here.isContainer() && here.get(part) == null) {
        return each(here, i + 1);
      }
      JsonNode next = step(here, part);
      if (next == null) {
        return null;
      }
      here = next;
    }
    return here;
  }

  private JsonNode each(JsonNode list, int rest) {
    ArrayNode found = Json.MAPPER.createArrayNode();
    for (JsonNode element : list.values()) {
      JsonNode value = find(element, rest);
      if (value == null) {
        found.addNull();
      } else {
        found.add(value);
      }
    }
    return found;
  }

  private static @Nullable JsonNode step(JsonNode here, String part) {
    if (here.isArray()) {
      if (part.equals("length")) {
        return Json.tree(here.size());
      }
      boolean isIndex =
          !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      return isIndex ? here.get(Integer.parseInt(part)) : null;
    }
    return here.get(part);
  }

  private static int wordEnd(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
      at++;
    }
    return at;
  }

  private static String unquote(String key) {
    boolean quoted =
        key.length() >= 2
            && (key.startsWith("'") || key.startsWith("\""))
            && key.charAt(key.length() - 1) == key.charAt(0);
    return quoted ? key.substring(1, key.length() - 1) : key;
  }
}
