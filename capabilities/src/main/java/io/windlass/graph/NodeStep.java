package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.step.Caveat;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.tool.PreTools;
import io.windlass.tool.PreparedContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One node: gives its step the state as its texts reach into it, and fits results to channels. */
final class NodeStep implements Step {
  private final NodeSpec node;
  private final Step step;
  private final Reach reach;
  private final Channels channels;
  private final Outputs outputs;
  private final @Nullable Values arguments;
  private final Routes routes;
  private final Caveat caveat;

  /**
   * @param arguments of a tool; null for other nodes
   * @param caveat what is told besides of a result that does not fit
   */
  NodeStep(
      NodeSpec node,
      Step step,
      Reach reach,
      Channels channels,
      @Nullable Values arguments,
      Caveat caveat) {
    this.node = node;
    this.step = step;
    this.reach = reach;
    this.channels = channels;
    this.outputs = new Outputs(node.fields().path("output"), channels);
    this.arguments = arguments;
    this.routes = new Routes(node);
    this.caveat = caveat;
  }

  /** The channel that takes the step's output as it is; null when there is no such one. */
  @Nullable String output() {
    return outputs.single();
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    State state = context.state();
    State seen = reach.view(state);
    if (arguments != null) {
      seen = seen.with(NodeTypes.ARGUMENTS, arguments.filled(state));
    }
    StepOutcome outcome = step.run(new PreparedContext(context, seen));
    if (!(outcome instanceof StepOutcome.Done done)) {
      return outcome;
    }
    try {
      return written(done);
    } catch (Channel.Misfit e) {
      // Another attempt asks again: the same result would not fit either.
      return new StepOutcome.Failed(
          caveat.behind("Node \"%s\": %s".formatted(node.name(), e.reason()), context.consumed()),
          true,
          PreTools.EFFECTS);
    }
  }

  private StepOutcome written(StepOutcome.Done done) throws Channel.Misfit {
    Map<String, JsonNode> set = new LinkedHashMap<>();
    JsonNode result = done.output();
    for (Map.Entry<String, JsonNode> entry : done.set().entrySet()) {
      if (entry.getKey().equals(NodeTypes.RESULT)) {
        result = entry.getValue();
      } else {
        set.put(entry.getKey(), channels.get(entry.getKey()).update(entry.getValue()));
      }
    }
    String route = routes.taken(result);
    if (route != null) {
      set.put(Arcs.variable(node.name()), Json.text(route));
    }
    if (outputs.single() instanceof String channel) {
      result = channels.get(channel).update(result);
    } else {
      set.putAll(outputs.of(result));
    }
    return new StepOutcome.Done(result, set, Set.of());
  }
}
