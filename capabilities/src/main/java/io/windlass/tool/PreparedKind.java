package io.windlass.tool;

import io.windlass.step.ForwardingKind;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Another step kind with {@code pre_tools} run before it, once, perhaps under a name of its own.
 * The step sees their variables, and so does every later step once it is done.
 */
public final class PreparedKind extends ForwardingKind {
  private final String name;
  private final PreTools tools;

  public PreparedKind(String name, StepKind kind, PreTools tools) {
    super(kind);
    this.name = name;
    this.tools = tools;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Step bind(ObjectNode fields) {
    if (fields.path("pre_tools").isEmpty()) {
      return super.bind(fields);
    }
    List<ObjectNode> calls = PreTools.calls(fields);
    ObjectNode rest = fields.deepCopy();
    rest.remove("pre_tools");
    Step step = super.bind(rest);
    return context -> run(step, calls, context);
  }

  private StepOutcome run(Step step, List<ObjectNode> calls, StepContext context) throws Exception {
    State before = context.state();
    State after = tools.run(context, calls, before);
    StepOutcome outcome = step.run(new PreparedContext(context, after));
    if (!(outcome instanceof StepOutcome.Done done)) {
      return outcome;
    }
    Map<String, JsonNode> set = new LinkedHashMap<>(after.values());
    set.entrySet().removeIf(entry -> entry.getValue().equals(before.values().get(entry.getKey())));
    set.putAll(done.set());
    return new StepOutcome.Done(done.output(), set, done.close());
  }
}
