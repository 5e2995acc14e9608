package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A node's own routes, and which of them its result takes. */
final class Routes {
  private final boolean any;
  private final boolean standard;
  private final Set<String> keys = new LinkedHashSet<>();

  Routes(NodeSpec node) {
    this.any = NodeTypes.chooses(node) && node.fields().path("routes").isObject();
    this.standard = node.fields().has("default");
    node.fields().path("routes").properties().forEach(route -> keys.add(route.getKey()));
  }

  /** Null for a node without routes. */
  @Nullable String taken(JsonNode result) throws Channel.Misfit {
    if (!any) {
      return null;
    }
    String key = Json.show(result).strip();
    if (!standard && keys.stream().noneMatch(known -> known.strip().equalsIgnoreCase(key))) {
      throw new Channel.Misfit(
          "\"%s\" is none of its routes %s; add it, or a default"
              .formatted(Excerpt.of(key, 200), Excerpt.of(String.join(", ", keys), 500)));
    }
    return key;
  }
}
