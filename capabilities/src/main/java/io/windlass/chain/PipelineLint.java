package io.windlass.chain;

import io.windlass.definition.Finding;
import io.windlass.text.Placeholder;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Everything that can be told about a pipeline without running it. */
final class PipelineLint {
  private PipelineLint() {}

  static List<Finding> lint(
      @Nullable String nameFault, Reading<PipelineDocument> reading, SavedChains saved) {
    List<Finding> findings = new ArrayList<>();
    if (nameFault != null) {
      findings.add(new Finding("(file name)", nameFault, true));
    }
    findings.addAll(reading.findings());
    PipelineDocument pipeline = reading.document();
    if (pipeline == null) {
      return findings;
    }
    for (String fault : pipeline.graphFaults()) {
      findings.add(new Finding(fault.startsWith("Output ") ? "output" : "chains", fault, true));
    }
    findings.addAll(InputLint.of(pipeline.inputs()));
    Map<String, List<String>> dependencies = new LinkedHashMap<>();
    pipeline.references().forEach(ref -> dependencies.put(ref.id(), ref.dependsOn()));
    Map<String, BitSet> ancestors = new Graph(dependencies).ancestors();
    Set<String> inputs =
        pipeline.inputs().stream().map(InputSpec::name).collect(Collectors.toSet());
    for (int i = 0; i < pipeline.references().size(); i++) {
      ChainReference reference = pipeline.references().get(i);
      String path = "chains." + i;
      Set<String> before =
          ancestors.getOrDefault(reference.id(), new BitSet()).stream()
              .mapToObj(place -> pipeline.references().get(place).id())
              .collect(Collectors.toSet());
      String chainFault = Reader.nameFault(reference.chain());
      if (chainFault != null) {
        findings.add(new Finding(path + ".chain", chainFault, true));
      } else {
        ChainLint.missing(saved, path + ".chain", reference.chain()).ifPresent(findings::add);
      }
      Map<String, String> templates = new LinkedHashMap<>();
      templates.put(path + ".condition", reference.condition());
      for (Map.Entry<String, JsonNode> field : reference.inputs().properties()) {
        templates.put(path + ".inputs." + field.getKey(), field.getValue().asString(""));
      }
      templates.forEach((where, text) -> unknown(where, text, before, inputs, findings));
    }
    return findings;
  }

  private static void unknown(
      String path, String text, Set<String> before, Set<String> inputs, List<Finding> findings) {
    Set<String> told = new HashSet<>();
    for (Placeholder placeholder : Template.placeholders(text, true)) {
      String first = placeholder.first();
      boolean known =
          first.equals(PipelineTemplate.ALL_INPUTS)
              ? placeholder.second().isEmpty() || inputs.contains(placeholder.second())
              : before.contains(first) || inputs.contains(first);
      if (!known && placeholder.fallback().isEmpty() && told.add(placeholder.name())) {
        findings.add(
            new Finding(
                path,
                "{%s} is no input and no chain that this one depends on"
                    .formatted(placeholder.name()),
                false));
      }
    }
  }
}
