package io.windlass.chain;

import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One chain that a pipeline runs, as its document has it. */
record ChainReference(JsonNode fields) {
  private static final int DEFAULT_THRESHOLD = 5_000;

  String id() {
    return Json.show(fields.get("id"));
  }

  String chain() {
    return Json.show(fields.get("chain"));
  }

  String label() {
    String label = Json.show(fields.get("label"));
    return label.isEmpty() ? id() : label;
  }

  String condition() {
    return Json.show(fields.get("condition")).strip();
  }

  List<String> dependsOn() {
    List<String> ids = new ArrayList<>();
    fields.path("depends_on").values().forEach(id -> ids.add(id.asString("")));
    return ids;
  }

  /**
   * Templates by the name of the chain's input; missing when the pipeline's inputs are handed on.
   */
  JsonNode inputs() {
    return fields.path("inputs");
  }

  /** Longer results are shortened to this many characters; 0 when they are not. */
  int summaryThreshold() {
    JsonNode summarize = fields.path("summarize_output");
    if (summarize.isNumber()) {
      return (int) Math.min(summarize.asLong(), Integer.MAX_VALUE);
    }
    return summarize.asBoolean(false) ? DEFAULT_THRESHOLD : 0;
  }
}
