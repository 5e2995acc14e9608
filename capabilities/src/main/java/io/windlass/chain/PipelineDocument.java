package io.windlass.chain;

import io.windlass.definition.Finding;
import io.windlass.definition.Outline;
import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A pipeline as its document has it, held against the schema.
 *
 * @param title its display name
 * @param references in the order of the document
 * @param output the id of the reference whose result is the pipeline's
 */
record PipelineDocument(
    String title,
    @Nullable String description,
    @Nullable String version,
    List<InputSpec> inputs,
    List<ChainReference> references,
    String output) {

  /** Reads a tree, telling every fault at once. */
  static Reading<PipelineDocument> read(JsonNode tree) {
    SchemaCheck check = new SchemaCheck();
    JsonNode pipeline = check.check("", PipelineSchema.PIPELINE, tree);
    JsonNode chains = pipeline.path("chains");
    if (chains.isArray()) {
      if (chains.isEmpty()) {
        check.fault("chains", "must hold at least one chain reference");
      }
      ChainDocument.sameIds("chains", chains, check);
      for (int i = 0; i < chains.size(); i++) {
        if (chains.get(i).path("id").asString("").equals("input")) {
          check.fault("chains.%d.id".formatted(i), "\"input\" stands for the pipeline's inputs");
        }
      }
    }
    List<Finding> findings = check.findings();
    if (findings.stream().anyMatch(Finding::error)) {
      return new Reading<>(null, findings);
    }
    List<ChainReference> references = new ArrayList<>();
    chains.values().forEach(reference -> references.add(new ChainReference(reference)));
    PipelineDocument document =
        new PipelineDocument(
            Json.show(pipeline.get("name")),
            ChainDocument.optionalText(pipeline, "description"),
            ChainDocument.optionalText(pipeline, "version"),
            InputSpec.list(pipeline),
            List.copyOf(references),
            Json.show(pipeline.get("output")));
    return new Reading<>(document, findings);
  }

  Outline outline() {
    return new Outline(
        title,
        description,
        version,
        references.size(),
        inputs.stream().map(InputSpec::outline).toList());
  }

  /** Why the pipeline cannot run. */
  List<String> graphFaults() {
    Map<String, List<String>> dependencies = new LinkedHashMap<>();
    references.forEach(reference -> dependencies.put(reference.id(), reference.dependsOn()));
    Graph graph = new Graph(dependencies);
    List<String> faults = new ArrayList<>();
    for (Graph.Unknown unknown : graph.unknown()) {
      faults.add(
          "Chain \"%s\" depends on unknown chain \"%s\""
              .formatted(unknown.id(), unknown.dependency()));
    }
    List<String> circle = graph.circle();
    if (!circle.isEmpty()) {
      faults.add("Circular dependency detected among chains: " + String.join(", ", circle));
    }
    if (!dependencies.containsKey(output)) {
      faults.add(
          "Output \"%s\" does not match the id of any chain reference; there are: %s"
              .formatted(output, Excerpt.of(String.join(", ", dependencies.keySet()), 500)));
    }
    return faults;
  }
}
