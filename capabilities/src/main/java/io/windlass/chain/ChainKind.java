package io.windlass.chain;

import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Finding;
import io.windlass.definition.Flow;
import io.windlass.definition.Outline;
import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.step.StepKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The chain format: steps with prompts, dependencies and output variables, in YAML or JSON. */
public final class ChainKind implements DefinitionKind {
  public static final String NAME = "chain";
  private final Map<String, StepKind> stepKinds;
  private final Map<String, List<String>> preTools;
  private final Supplier<Map<String, String>> surroundings;
  private final InputFiles files;
  private final SavedChains saved;
  private final VariableBudget budget;
  private final int standardBudget;
  private final Reader<ChainDocument> reader = new Reader<>(NAME, ChainDocument::read);

  /**
   * @param stepKinds the step types that can run, by name
   * @param preTools the pre-tools that can run, by name, each with the fields that it cannot do
   *     without
   */
  public ChainKind(Map<String, StepKind> stepKinds, Map<String, List<String>> preTools) {
    this(
        stepKinds,
        preTools,
        Map::of,
        InputFiles.UNSEEN,
        SavedChains.UNSEEN,
        VariableBudget.NONE,
        0);
  }

  /**
   * @param surroundings variables that every run begins with besides its inputs, asked at each
   *     start; {@code windlass.model} is one
   * @param files where inputs that are files are looked for at a start
   * @param saved the chains that subchains can run
   * @param budget keeps the variables within their budget
   * @param standardBudget characters for chains that set no {@code max_context_chars}; 0 for no
   *     bound
   */
  public ChainKind(
      Map<String, StepKind> stepKinds,
      Map<String, List<String>> preTools,
      Supplier<Map<String, String>> surroundings,
      InputFiles files,
      SavedChains saved,
      VariableBudget budget,
      int standardBudget) {
    this.stepKinds = Map.copyOf(stepKinds);
    this.preTools = Map.copyOf(preTools);
    this.surroundings = surroundings;
    this.files = files;
    this.saved = saved;
    this.budget = budget;
    this.standardBudget = standardBudget;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> nameFault(String name) {
    return Optional.ofNullable(Reader.nameFault(name));
  }

  @Override
  public Outline outline(String name, String source) {
    return reader.require(name, source).outline();
  }

  @Override
  public List<Finding> lint(String name, String source) {
    String nameFault = Reader.nameFault(name);
    Reading<ChainDocument> reading = reader.read(source);
    return new ChainLint(stepKinds, preTools, saved).lint(name, nameFault, reading);
  }

  @Override
  public Flow compile(String name, String source) {
    return new ChainCompiler(stepKinds, budget, standardBudget)
        .compile(reader.require(name, source));
  }

  @Override
  public void check(String name, String source, ObjectNode input) {
    GivenInputs.accept(reader.require(name, source).inputs(), input, "input", InputFiles.UNSEEN);
  }

  @Override
  public State begin(String name, String source, ObjectNode input) {
    Map<String, String> texts =
        GivenInputs.accept(reader.require(name, source).inputs(), input, "input", files);
    Map<String, JsonNode> variables = LinkedHashMap.newLinkedHashMap(2 * texts.size());
    surroundings.get().forEach((key, text) -> variables.put(key, Json.text(text)));
    texts.forEach((key, text) -> {
      JsonNode value = Json.text(text);
      variables.putIfAbsent(key, value);
      variables.put("input." + key, value);
    });
    return new State(variables);
  }
}
