package io.windlass.chain;

import io.windlass.definition.Finding;
import io.windlass.definition.Outline;
import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A chain as its document has it, held against the schema.
 *
 * @param title its display name
 * @param steps in the order of the document
 * @param output the variable whose text is the chain's result
 * @param maxContextChars budget of its variables; 0 for no bound, null where the document says none
 */
record ChainDocument(
    String title,
    @Nullable String description,
    @Nullable String version,
    List<InputSpec> inputs,
    List<ChainStep> steps,
    String output,
    @Nullable Integer maxContextChars) {
  private static final int MAX_STEPS = 5_000;

  /** Reads a tree, telling every fault at once. */
  static Reading<ChainDocument> read(JsonNode tree) {
    SchemaCheck check = new SchemaCheck();
    boolean canvasOnly =
        tree.path("steps").isArray() && tree.path("steps").isEmpty() && tree.has("canvas_items");
    JsonNode chain = check.check("", canvasOnly ? ChainSchema.CANVAS : ChainSchema.CHAIN, tree);
    JsonNode steps = chain.path("steps");
    if (steps.isArray()) {
      if (steps.isEmpty() && !canvasOnly) {
        check.fault("steps", "must hold at least one step");
      }
      if (steps.size() > MAX_STEPS) {
        check.fault("steps", "holds %d steps, the most is %d".formatted(steps.size(), MAX_STEPS));
      }
      sameIds("steps", steps, check);
    }
    List<Finding> findings = check.findings();
    if (findings.stream().anyMatch(Finding::error)) {
      return new Reading<>(null, findings);
    }
    List<ChainStep> read = new ArrayList<>();
    steps.values().forEach(step -> read.add(ChainStep.of(step)));
    ChainDocument document =
        new ChainDocument(
            Json.show(chain.get("name")),
            optionalText(chain, "description"),
            optionalText(chain, "version"),
            InputSpec.list(chain),
            List.copyOf(read),
            Json.show(chain.get("output")),
            chain.has("max_context_chars")
                ? (int) Math.min(chain.path("max_context_chars").asLong(0), Integer.MAX_VALUE)
                : null);
    return new Reading<>(document, findings);
  }

  Outline outline() {
    return new Outline(
        title,
        description,
        version,
        steps.size(),
        inputs.stream().map(InputSpec::outline).toList());
  }

  Graph graph() {
    Map<String, List<String>> dependencies = new LinkedHashMap<>();
    steps.forEach(step -> dependencies.put(step.id(), step.dependsOn()));
    return new Graph(dependencies);
  }

  static void sameIds(String path, JsonNode list, SchemaCheck check) {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      String id = list.get(i).path("id").asString("");
      Integer earlier = id.isEmpty() ? null : first.putIfAbsent(id, i);
      if (earlier != null) {
        check.fault(
            "%s.%d.id".formatted(path, i),
            "\"%s\" is already the id of %s.%d; ids must differ".formatted(id, path, earlier));
      }
    }
  }

  static @Nullable String optionalText(JsonNode tree, String field) {
    return tree.hasNonNull(field) ? tree.path(field).asString("") : null;
  }
}
