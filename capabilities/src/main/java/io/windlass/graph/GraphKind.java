package io.windlass.graph;

import io.windlass.chain.Reader;
import io.windlass.chain.Reading;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Finding;
import io.windlass.definition.Flow;
import io.windlass.definition.Outline;
import io.windlass.kernel.ErrorCode;
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
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The graph format: nodes that work on a shared state, and edges, cycles among them. */
public final class GraphKind implements DefinitionKind {
  public static final String NAME = "graph";

  /** The variable that holds what a run was given, with the defaults. */
  public static final String INPUT = "input";

  private final NodeTypes types;
  private final Reader<GraphDocument> reader;

  /**
   * @param stepKinds the step types that nodes can be besides the format's own, by name; {@code
   *     agent}, {@code router}, {@code transform} and {@code tool_node} serve those
   * @param caveat what is told besides of answers that do not fit
   */
  public GraphKind(Map<String, StepKind> stepKinds, Caveat caveat) {
    this.types = new NodeTypes(Map.copyOf(stepKinds), caveat);
    this.reader = new Reader<>(NAME, tree -> new GraphReading(types).read(tree));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String publicIdPrefix() {
    return "exec_";
  }

  @Override
  public Outline outline(String name, String source) {
    return required(name, source).outline();
  }

  private GraphDocument required(String name, String source) {
    GraphDocument graph = reader.require(name, source);
    List<Finding> selves = selves(name, graph);
    if (!selves.isEmpty()) {
      throw new WindlassException(
          ErrorCode.INVALID_DEFINITION,
          selves.stream()
              .map(Finding::toString)
              .collect(Collectors.joining("\n", "Invalid graph \"%s\":\n".formatted(name), "")));
    }
    return graph;
  }

  /** Nodes that would run the graph that they are in. */
  private static List<Finding> selves(String name, GraphDocument graph) {
    return graph.nodes().stream()
        .filter(node -> node.type().equals(NodeTypes.SUBGRAPH) && node.text(NAME).equals(name))
        .map(node -> new Finding(node.path() + "." + NAME, SubgraphNode.itself(NAME, name), true))
        .toList();
  }

  /**
   * What the document says of itself, its nodes and its edges.
   *
   * @throws WindlassException INVALID_DEFINITION, one {@code path: reason} line per fault
   */
  public GraphView view(String name, String source) {
    return GraphView.of(required(name, source));
  }

  @Override
  public List<Finding> lint(String name, String source) {
    List<Finding> findings = new ArrayList<>();
    String nameFault = Reader.nameFault(name);
    if (nameFault != null) {
      findings.add(new Finding("name", nameFault, true));
    }
    Reading<GraphDocument> reading = reader.read(source);
    findings.addAll(reading.findings());
    if (reading.document() instanceof GraphDocument graph) {
      String own = Json.show(graph.fields().get("name"));
      if (!own.equals(name)) {
        findings.add(
            new Finding(
                "name",
                "the graph is saved and run as \"%s\"; its own name \"%s\" is not used"
                    .formatted(name, own),
                false));
      }
      findings.addAll(selves(name, graph));
    }
    return findings;
  }

  @Override
  public Flow compile(String name, String source) {
    return new GraphCompiler(types).compile(required(name, source));
  }

  @Override
  public State begin(String name, String source, ObjectNode given) {
    GraphDocument graph = reader.require(name, source);
    ObjectNode input = completed(graph, RunOptions.input(given));
    List<Fault> faults = new ArrayList<>(RunOptions.faults(given));
    if (graph.inputForm() != null) {
      faults.addAll(graph.inputForm().faults(INPUT, input));
    }
    Map<String, JsonNode> state = new LinkedHashMap<>();
    state.put(INPUT, input);
    graph
        .fields()
        .path("input_schema")
        .path("properties")
        .propertyNames()
        .forEach(property -> state.put(property, JsonNodeFactory.instance.nullNode()));
    graph.channels().byName().forEach((channel, it) -> state.put(channel, it.initial()));
    for (Map.Entry<String, JsonNode> field : input.properties()) {
      if (field.getKey().equals(INPUT)) {
        continue;
      }
      try {
        state.put(field.getKey(), graph.channels().get(field.getKey()).whole(field.getValue()));
      } catch (Channel.Misfit e) {
        String place = INPUT + "." + field.getKey();
        if (faults.stream().anyMatch(fault -> fault.path().equals(place))) {
          continue;
        }
        faults.add(
            new Fault(
                place,
                e.reason(),
                field.getValue().isValueNode() ? field.getValue() : null,
                "type: " + graph.channels().get(field.getKey()).typeWord()));
      }
    }
    if (given.has(RunOptions.CONFIG)) {
      state.put(RunOptions.CONFIG, given.path(RunOptions.CONFIG));
    }
    WaysOn starts = WaysOn.atStart(graph.arcs());
    if (faults.isEmpty() && starts != null && starts.none(new State(state))) {
      faults.add(new Fault(INPUT, starts.told("START")));
    }
    if (!faults.isEmpty()) {
      throw WindlassException.invalid(
          faults.stream()
              .map(fault -> fault.path() + ": " + fault.reason())
              .collect(Collectors.joining("\n", "The input is not valid:\n", "")),
          faults);
    }
    return new State(state);
  }

  private static ObjectNode completed(GraphDocument graph, ObjectNode given) {
    ObjectNode input = given.deepCopy();
    for (Map.Entry<String, JsonNode> property :
        graph.fields().path("input_schema").path("properties").properties()) {
      JsonNode standard = property.getValue().get("default");
      if (standard != null && !input.has(property.getKey())) {
        input.set(property.getKey(), standard);
      }
    }
    return input;
  }
}
