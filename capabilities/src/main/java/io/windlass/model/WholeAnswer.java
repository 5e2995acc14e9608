package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Servers that cannot stream answer with one object, which is read as a stream of one event. */
final class WholeAnswer {
  private WholeAnswer() {}

  static String asEvent(String body, Refusal refusal) {
    try {
      JsonNode tree = Json.read(body);
      for (JsonNode choice : tree.path("choices")) {
        if (choice instanceof ObjectNode fields && fields.has("message")) {
          fields.set("delta", fields.remove("message"));
        }
      }
      if (tree.path("choices").isEmpty()) {
        throw refusal.failure(
            ModelFailure.Kind.MALFORMED, "its answer has no choices; check its base URL", null);
      }
      return tree.toString();
    } catch (WindlassException e) {
      throw refusal.failure(
          ModelFailure.Kind.MALFORMED, Refusal.unreadable(body, e) + "; check its base URL", e);
    }
  }
}
