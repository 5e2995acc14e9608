package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import io.windlass.text.JsonPath;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which channels take a node's result, or which parts of it. */
final class Outputs {
  private static final int SHOWN = 200;
  private final Channels channels;
  private final @Nullable String single;
  private final Map<String, String> paths = new LinkedHashMap<>();

  /**
   * @param output a channel's name, a list of names, or an object of names and paths
   */
  Outputs(JsonNode output, Channels channels) {
    this.channels = channels;
    this.single = output.isString() ? output.stringValue() : null;
    if (output.isArray()) {
      NodeSpec.places(output).forEach(name -> paths.put(name, name));
    }
    output.properties().forEach(entry -> paths.put(entry.getKey(), Json.show(entry.getValue())));
  }

  /** The names of all channels that are written. */
  static Iterable<String> names(JsonNode output) {
    return output.isObject() ? output.propertyNames() : NodeSpec.places(output);
  }

  @Nullable String single() {
    return single;
  }

  /** The update of each channel, unless it is a single one. */
  Map<String, JsonNode> of(JsonNode result) throws Channel.Misfit {
    Map<String, JsonNode> set = new LinkedHashMap<>();
    if (paths.isEmpty()) {
      return set;
    }
    JsonNode tree = Answer.json(result);
    if (tree == null) {
      throw new Channel.Misfit(
          "its result is to be JSON for the channels %s, and is not: %s"
              .formatted(
                  String.join(", ", paths.keySet()), Excerpt.of(Json.show(result).strip(), SHOWN)));
    }
    for (Map.Entry<String, String> path : paths.entrySet()) {
      JsonNode found = JsonPath.parse(path.getValue()).find(tree);
      if (found == null) {
        throw new Channel.Misfit(
            "its result has no \"%s\" for the channel \"%s\": %s"
                .formatted(path.getValue(), path.getKey(), Excerpt.of(tree.toString(), SHOWN)));
      }
      set.put(path.getKey(), channels.get(path.getKey()).update(found));
    }
    return set;
  }
}
