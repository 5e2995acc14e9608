package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the {@code {kind}} and {@code {name}} of a path stand for, and documents in bodies. */
record DefinitionPaths(Definitions definitions, Map<String, KindRules> kinds) {

  String kind(Context context) {
    String kind = context.pathParam("kind");
    if (!kinds.containsKey(kind)) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND,
          "There is no kind of definition '" + kind + "': there are " + kindNames());
    }
    return kind;
  }

  String kindNames() {
    return String.join(", ", kinds.keySet());
  }

  Definition find(Context context) {
    String kind = kind(context);
    String name = context.pathParam("name");
    return definitions.find(kind, name).orElseThrow(() -> unknown(kind, name));
  }

  WindlassException unknown(String kind, String name) {
    return unknown(
        "There is no %s '%s': GET /v1/definitions/%s lists them%s"
            .formatted(kind, name, kind, definitions.hint(kind, name)));
  }

  static WindlassException unknown(String message) {
    return new WindlassException(ErrorCode.DEFINITION_NOT_FOUND, message);
  }

  /** The {@code source} of a JSON body: the document as text or as an object. */
  static String source(JsonNode body) {
    JsonNode source = body.path("source");
    if (source.isString()) {
      return source.stringValue();
    }
    if (source instanceof ObjectNode) {
      return source.toPrettyString();
    }
    throw WindlassException.invalid(
        "The request is not valid:\nsource: must be the document as text or as an object");
  }
}
