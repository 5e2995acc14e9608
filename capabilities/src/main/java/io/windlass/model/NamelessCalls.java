package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives the tool calls of a stream that come without a name one that no tool has, so that the model
 * is told of them as of any other that nobody can carry out. LangChain4j fails at such calls.
 */
final class NamelessCalls {
  /** What a call without a name is called: providers want some name when they are told of it. */
  static final String NAME = "unnamed";

  private final Set<Integer> named = new HashSet<>();

  /** The data of an event, with a name for each call in it whose arguments come without one. */
  String named(String data) {
    boolean ofOpenAi = data.contains("\"tool_calls\"");
    if (!ofOpenAi && !data.contains("\"tool_use\"")) {
      return data;
    }
    JsonNode tree;
    try {
      tree = Json.read(data);
    } catch (WindlassException e) {
      return data;
    }
    boolean changed = ofOpenAi ? ofChoices(tree) : ofBlock(tree);
    return changed ? tree.toString() : data;
  }

  private boolean ofChoices(JsonNode tree) {
    boolean changed = false;
    for (JsonNode choice : tree.path("choices")) {
      int place = 0;
      for (JsonNode call : choice.path("delta").path("tool_calls")) {
        int index = call.path("index").asInt(place++);
        if (!(call.path("function") instanceof ObjectNode function)) {
          continue;
        }
        if (!function.path("name").asString("").isBlank()) {
          named.add(index);
        } else if (!function.path("arguments").asString("").isEmpty() && named.add(index)) {
          // Only now: a server may send the name after the id, though before the arguments.
          function.put("name", NAME);
          changed = true;
        }
      }
    }
    return changed;
  }

  private static boolean ofBlock(JsonNode tree) {
    if (tree.path("content_block") instanceof ObjectNode block
        && block.path("type").asString("").equals("tool_use")
        && block.path("name").asString("").isBlank()) {
      block.put("name", NAME);
      return true;
    }
    return false;
  }
}
