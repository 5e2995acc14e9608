package io.windlass.engine;

import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Finding;
import io.windlass.definition.Flow;
import io.windlass.definition.Outline;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Definitions written in test code: a document's text is the name of a flow put here. */
public final class CodeKind implements DefinitionKind {
  private final Map<String, Supplier<Flow>> flows = new ConcurrentHashMap<>();

  public CodeKind with(String name, Supplier<Flow> flow) {
    flows.put(name, flow);
    return this;
  }

  @Override
  public String name() {
    return "code";
  }

  @Override
  public Outline outline(String name, String source) {
    return new Outline(name, null, null, compile(name, source).nodes().size(), List.of());
  }

  @Override
  public List<Finding> lint(String name, String source) {
    return List.of();
  }

  @Override
  public Flow compile(String name, String source) {
    Supplier<Flow> flow = flows.get(source);
    if (flow == null) {
      throw new WindlassException(ErrorCode.INVALID_DEFINITION, "no flow " + source);
    }
    return flow.get();
  }

  @Override
  public State begin(String name, String source, ObjectNode input) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    input.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
    return new State(values);
  }
}
