package io.windlass.chain;

import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Finding;
import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.Outline;
import io.windlass.definition.Retry;
import io.windlass.definition.Trigger;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import io.windlass.text.Condition;
import io.windlass.text.Excerpt;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The pipeline format: chains that hand their results on, in YAML or JSON. */
public final class PipelineKind implements DefinitionKind {
  public static final String NAME = "pipeline";
  private static final String NOUN = "pipeline input";
  private final InputFiles files;
  private final SavedChains saved;
  private final Reader<PipelineDocument> reader = new Reader<>(NAME, PipelineDocument::read);

  public PipelineKind() {
    this(InputFiles.UNSEEN, SavedChains.UNSEEN);
  }

  /**
   * @param files where inputs that are files are looked for at a start
   * @param saved the chains that pipelines can run
   */
  public PipelineKind(InputFiles files, SavedChains saved) {
    this.files = files;
    this.saved = saved;
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
    return PipelineLint.lint(Reader.nameFault(name), reader.read(source), saved);
  }

  @Override
  public Flow compile(String name, String source) {
    PipelineDocument pipeline = reader.require(name, source);
    List<String> faults = pipeline.graphFaults();
    if (!faults.isEmpty()) {
      throw new WindlassException(ErrorCode.INVALID_DEFINITION, String.join("\n", faults));
    }
    List<Node> nodes =
        pipeline.references().stream().map(reference -> node(reference, pipeline)).toList();
    String output = pipeline.output();
    return new Flow(nodes, state -> Json.text(state.text(output)), 100 + 2 * nodes.size(), null);
  }

  private static Node node(ChainReference reference, PipelineDocument pipeline) {
    Set<String> sources = new LinkedHashSet<>(reference.dependsOn());
    return new Node(
        reference.id(),
        reference.label(),
        ChainKind.NAME,
        new RunChain(reference, pipeline.inputs()),
        sources.isEmpty() ? List.of() : List.of(Trigger.after(sources)),
        reference.id(),
        guard(reference.condition()),
        Retry.NEVER,
        null,
        null);
  }

  private static Guard guard(String condition) {
    if (condition.isEmpty()) {
      return Guard.NONE;
    }
    return state ->
        Condition.holds(condition, text -> PipelineTemplate.render(text, state))
            ? new Guard.Run()
            : new Guard.Skip("Skipped, condition not met: " + Excerpt.of(condition, 200));
  }

  @Override
  public void check(String name, String source, ObjectNode input) {
    GivenInputs.accept(reader.require(name, source).inputs(), input, NOUN, InputFiles.UNSEEN);
  }

  @Override
  public String publicIdPrefix() {
    return "pip_";
  }

  @Override
  public State begin(String name, String source, ObjectNode input) {
    Map<String, String> texts =
        GivenInputs.accept(reader.require(name, source).inputs(), input, NOUN, files);
    Map<String, JsonNode> variables = new LinkedHashMap<>();
    ObjectNode all = Json.object();
    texts.forEach((key, text) -> {
      all.put(key, text);
      variables.put(key, Json.text(text));
      variables.put("input." + key, Json.text(text));
    });
    variables.put(PipelineTemplate.ALL_INPUTS, Json.text(Json.write(all)));
    return new State(variables);
  }

  /** The chains that a pipeline runs: by the id of each reference, the name of its chain. */
  public Map<String, String> chains(String name, String source) {
    Map<String, String> chains = new LinkedHashMap<>();
    reader
        .require(name, source)
        .references()
        .forEach(reference -> chains.put(reference.id(), reference.chain()));
    return chains;
  }
}
