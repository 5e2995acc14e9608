package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.model.Models;
import io.windlass.step.ForwardingKind;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepKind;
import io.windlass.tool.PreTools;
import io.windlass.tool.PreparedContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Another step kind whose {@code context_strategy} makes variables shorter for that step alone,
 * after its pre-tools and before its prompt is filled in.
 */
public final class ContextStrategyKind extends ForwardingKind {
  private static final Pattern TRUNCATE = Pattern.compile("truncate:\\s*(\\d{1,9})");
  private static final String FIELD = "context_strategy";
  private final Summaries summaries;
  private final PreTools tools;

  public ContextStrategyKind(StepKind kind, Models models, PreTools tools) {
    super(kind);
    this.summaries = new Summaries(models);
    this.tools = tools;
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>(super.faults(fields));
    fields
        .path(FIELD)
        .properties()
        .forEach(field -> {
          String strategy = Json.show(field.getValue()).strip();
          boolean known =
              strategy.equals("full")
                  || strategy.equals("summarize")
                  || TRUNCATE.matcher(strategy).matches();
          if (!known) {
            faults.add(
                "%s.%s: must be full, summarize or truncate:N, not \"%s\""
                    .formatted(FIELD, field.getKey(), strategy));
          }
        });
    return faults;
  }

  @Override
  public Step bind(ObjectNode fields) {
    Map<String, String> strategies = new LinkedHashMap<>();
    fields
        .path(FIELD)
        .properties()
        .forEach(field -> strategies.put(field.getKey(), Json.show(field.getValue()).strip()));
    strategies.values().removeIf(strategy -> strategy.equals("full"));
    if (strategies.isEmpty()) {
      return super.bind(fields);
    }
    // The variables of pre-tools can be shortened too, so these run here and not in the step.
    List<ObjectNode> calls = name().equals("agent") ? PreTools.calls(fields) : List.of();
    ObjectNode rest = fields.deepCopy();
    rest.remove(FIELD);
    if (!calls.isEmpty()) {
      rest.remove("pre_tools");
    }
    Step step = super.bind(rest);
    return context -> {
      State state = calls.isEmpty() ? context.state() : tools.run(context, calls, context.state());
      return step.run(new PreparedContext(context, applied(context, strategies, state)));
    };
  }

  private State applied(StepContext context, Map<String, String> strategies, State state)
      throws Exception {
    Map<String, JsonNode> shorter = new LinkedHashMap<>();
    for (Map.Entry<String, String> strategy : strategies.entrySet()) {
      String name = strategy.getKey();
      String text = state.text(name);
      Matcher truncate = TRUNCATE.matcher(strategy.getValue());
      if (truncate.matches()) {
        text = Summaries.cut(text, Integer.parseInt(truncate.group(1)));
      } else if (strategy.getValue().equals("summarize") && text.length() >= Summaries.SHORT) {
        text = summaries.shorter(context, "strategy:" + name, name, text);
      }
      if (state.has(name)) {
        shorter.put(name, Json.text(text));
      }
      String asInput = "input." + name;
      if (state.has(asInput) && state.text(asInput).equals(state.text(name))) {
        shorter.put(asInput, Json.text(text));
      }
    }
    return state.with(shorter);
  }
}
