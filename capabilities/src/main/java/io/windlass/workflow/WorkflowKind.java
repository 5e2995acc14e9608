package io.windlass.workflow;

import io.windlass.chain.Reader;
import io.windlass.chain.Reading;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Finding;
import io.windlass.definition.Flow;
import io.windlass.definition.InputField;
import io.windlass.definition.Outline;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Caveat;
import io.windlass.step.State;
import io.windlass.step.StepKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The workflow format: numbered steps, each done by a graph or, where there is none, an agent. */
public final class WorkflowKind implements DefinitionKind {
  public static final String NAME = "workflow";
  private final StepKind agents;
  private final StepWork.Surroundings surroundings;
  private final Caveat caveat;
  private final Reader<Workflow> reader = new Reader<>(NAME, WorkflowReading::read);

  /**
   * @param agents the kind of step that does what no graph does
   * @param graphs what the graph of a name asks for, asked while steps run; empty when there is
   *     none
   * @param tools whether there are tools of a name: a server's, or a single one
   * @param caveat what is told besides of results that do not fit
   */
  public WorkflowKind(
      StepKind agents,
      Function<String, Optional<List<InputField>>> graphs,
      Predicate<String> tools,
      Caveat caveat) {
    this.agents = agents;
    this.caveat = caveat;
    this.surroundings =
        new StepWork.Surroundings() {
          @Override
          public Optional<List<InputField>> graph(String name) {
            return graphs.apply(name);
          }

          @Override
          public boolean hasTools(String name) {
            return tools.test(name);
          }
        };
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String publicIdPrefix() {
    return "wfexec_";
  }

  @Override
  public Outline outline(String name, String source) {
    return read(name, source).outline();
  }

  /**
   * Reads a document.
   *
   * @throws WindlassException INVALID_DEFINITION, one {@code path: reason} line per fault
   */
  public Workflow read(String name, String source) {
    return reader.require(name, source);
  }

  @Override
  public List<Finding> lint(String name, String source) {
    List<Finding> findings = new ArrayList<>();
    String nameFault = Reader.nameFault(name);
    if (nameFault != null) {
      findings.add(new Finding("slug", nameFault, true));
    }
    Reading<Workflow> reading = reader.read(source);
    findings.addAll(reading.findings());
    if (reading.document() instanceof Workflow workflow) {
      String own = Json.show(workflow.fields().get("slug"));
      if (!own.isEmpty() && !own.equals(name)) {
        findings.add(
            new Finding(
                "slug",
                "the workflow is saved and run as \"%s\"; its own slug \"%s\" is not used"
                    .formatted(name, own),
                false));
      }
    }
    return findings;
  }

  @Override
  public Flow compile(String name, String source) {
    return new WorkflowCompiler(agents, surroundings, caveat).compile(read(name, source));
  }

  @Override
  public State begin(String name, String source, ObjectNode input) {
    Workflow workflow = read(name, source);
    ObjectNode given = RunConfig.inputs(input);
    List<Fault> faults = new ArrayList<>(workflow.form().faults(given));
    faults.addAll(RunConfig.faults(input));
    if (!faults.isEmpty()) {
      throw WindlassException.invalid(
          faults.stream()
              .map(fault -> fault.path() + ": " + fault.reason())
              .collect(Collectors.joining("; ", "Invalid input: ", "")),
          faults);
    }
    ObjectNode inputs = workflow.form().completed(given);
    Map<String, JsonNode> state = new LinkedHashMap<>();
    inputs
        .properties()
        .forEach(field -> {
          if (!RunConfig.RESERVED.contains(field.getKey())
              && WorkflowStep.number(field.getKey()) == 0) {
            state.put(field.getKey(), field.getValue());
          }
          state.put("input." + field.getKey(), field.getValue());
        });
    state.put(RunConfig.INPUTS, inputs);
    state.put(
        RunConfig.CONFIG,
        input.has(RunConfig.CONFIG) ? input.path(RunConfig.CONFIG) : Json.object());
    return new State(state);
  }
}
