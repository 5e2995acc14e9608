package io.windlass.chain;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a loop makes of the text that holds its items. */
final class LoopItems {
  private LoopItems() {}

  /**
   * The elements of a JSON list, the values of an object, a JSON text, number or boolean alone;
   * else the lines that are not empty. A code fence around the JSON is no part of it.
   */
  static List<String> of(String text) {
    String plain = unfenced(text.strip());
    if (plain.isEmpty()) {
      return List.of();
    }
    JsonNode tree;
    try {
      tree = Json.read(plain);
    } catch (WindlassException e) {
      return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
    if (tree.isMissingNode() || tree.isNull()) {
      return List.of();
    }
    if (!tree.isContainer()) {
      return List.of(Json.show(tree));
    }
    List<String> items = new ArrayList<>(tree.size());
    tree.values().forEach(value -> items.add(Json.show(value)));
    return items;
  }

  private static String unfenced(String text) {
    int firstLine = text.indexOf('\n');
    return text.startsWith("```") && text.endsWith("```") && firstLine > 0 && text.length() > 6
        ? text.substring(firstLine, text.length() - 3).strip()
        : text;
  }
}
