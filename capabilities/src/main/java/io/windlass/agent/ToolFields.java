package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Template;
import io.windlass.tool.Hours;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a step's fields say of its tools.
 *
 * @param names the tools that the model gets, as the document names them
 * @param approve those that people are asked about
 * @param approvalTime how long such a question stays open
 * @param maxTurns the most model calls
 * @param time what one tool call may take
 * @param folder where they work, with placeholders; empty for the workspace
 */
record ToolFields(
    List<String> names,
    Set<String> approve,
    Duration approvalTime,
    int maxTurns,
    ToolRun.Time time,
    String folder) {
  private static final double APPROVAL_HOURS = 24;
  private static final long LONGEST_MS = Duration.ofDays(7).toMillis();
  private static final List<String> LISTS = List.of("tools", "approve_tools");

  ToolFields {
    names = List.copyOf(names);
    approve = Set.copyOf(approve);
  }

  /** The fields of a step that has no faults. */
  static ToolFields of(ObjectNode fields, AgentSettings settings) {
    Set<String> approve = new HashSet<>(settings.approve());
    approve.addAll(texts(fields.path("approve_tools")));
    long millis = fields.path("tool_timeout_ms").asLong(0);
    return new ToolFields(
        texts(fields.path("tools")),
        approve,
        Hours.of(fields.path("timeout_hours"), APPROVAL_HOURS),
        fields.path("max_turns").asInt(settings.maxTurns()),
        new ToolRun.Time(millis > 0 ? Duration.ofMillis(millis) : null, settings.toolTimeout()),
        Json.show(fields.get("cwd")));
  }

  static List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>();
    for (String list : LISTS) {
      JsonNode value = fields.get(list);
      if (value != null && !value.isNull() && !value.isArray()) {
        faults.add(list + ": must be a list");
      }
    }
    number(fields, "max_turns", AgentSettings.MOST_TURNS, faults);
    number(fields, "tool_timeout_ms", LONGEST_MS, faults);
    return faults;
  }

  /** The step's folder as tools take it; null for the workspace itself. */
  @Nullable String cwd(State state) {
    String rendered = Template.render(folder, state).strip();
    return rendered.isEmpty() ? null : rendered;
  }

  private static void number(ObjectNode fields, String name, long most, List<String> faults) {
    JsonNode value = fields.get(name);
    if (value != null
        && !value.isNull()
        && !(value.isIntegralNumber()
            && value.canConvertToLong()
            && value.longValue() > 0
            && value.longValue() <= most)) {
      faults.add("%s: must be a whole number from 1 to %d, not %s".formatted(name, most, value));
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : list) {
      texts.add(Json.show(text));
    }
    return texts;
  }
}
