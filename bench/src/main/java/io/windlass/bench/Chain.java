package io.windlass.bench;

import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chain to put load on.
 *
 * @param name its name on the server
 * @param json its document
 */
record Chain(String name, String json) {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** Steps one after the other, each the same apart from its id. */
  static Chain ofSteps(String name, int count, Consumer<ObjectNode> step) {
    ObjectNode chain = MAPPER.createObjectNode();
    chain.put("name", name).put("output", "out" + count);
    var steps = chain.putArray("steps");
    for (int i = 1; i <= count; i++) {
      ObjectNode one = steps.addObject();
      one.put("id", "s" + i).put("prompt", "go").put("output_var", "out" + i);
      if (i > 1) {
        one.putArray("depends_on").add("s" + (i - 1));
      }
      step.accept(one);
    }
    return new Chain(name, MAPPER.writeValueAsString(chain));
  }

  /** The request that starts it on the chains surface. */
  byte[] start(int port) {
    return Requests.post(port, "/execute/" + name, "{\"input\":{}}");
  }
}
