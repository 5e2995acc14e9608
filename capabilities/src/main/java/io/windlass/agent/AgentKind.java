package io.windlass.agent;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Models;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.tool.PreTools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The kind {@code agent}, which is a step's kind unless it names another: pre-tools, then a prompt
 * to a language model, which may ask for tools until it gives the answer that is the output.
 */
public final class AgentKind implements StepKind {
  /** The field with standing instructions, for formats that have them; the chain format has not. */
  public static final String SYSTEM = "node_system";

  private final Models models;
  private final PreTools preTools;
  private final Toolbox toolbox;
  private final AgentSettings settings;
  private final @Nullable Path workspace;

  /** Agents whose models work in no folder. */
  public AgentKind(Models models, PreTools preTools, Toolbox toolbox, AgentSettings settings) {
    this(models, preTools, toolbox, settings, null);
  }

  /**
   * Agents.
   *
   * @param workspace where models work that call tools of their own, unless the step has a {@code
   *     cwd}, and what a relative one is in; null for an empty place each
   */
  public AgentKind(
      Models models,
      PreTools preTools,
      Toolbox toolbox,
      AgentSettings settings,
      @Nullable Path workspace) {
    this.models = models;
    this.preTools = preTools;
    this.toolbox = toolbox;
    this.settings = settings;
    this.workspace = workspace == null ? null : workspace.toAbsolutePath();
  }

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public boolean timesItsCalls() {
    return true;
  }

  @Override
  public boolean isRehearsable() {
    return true;
  }

  @Override
  public Step bind(ObjectNode fields) {
    List<String> faults = faults(fields);
    if (!faults.isEmpty()) {
      throw new WindlassException(
          ErrorCode.INVALID_DEFINITION,
          "Step \"%s\": %s".formatted(Json.show(fields.get("id")), String.join("; ", faults)));
    }
    JsonNode timeout = fields.get("timeout_ms");
    return new AgentStep(
        preTools,
        PreTools.calls(fields),
        new AgentStep.Words(Json.show(fields.get("prompt")), Json.show(fields.get(SYSTEM))),
        new Asking(models, candidates(fields)),
        timeout == null || timeout.isNull() ? null : Duration.ofMillis(timeout.longValue()),
        OutputChecks.of(fields),
        toolbox,
        ToolFields.of(fields, settings),
        workspace);
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>();
    if (Json.show(fields.get("prompt")).isEmpty()) {
      faults.add("prompt: at least one character is needed");
    }
    JsonNode timeout = fields.get("timeout_ms");
    if (timeout != null
        && !timeout.isNull()
        && !(timeout.isIntegralNumber() && timeout.canConvertToLong() && timeout.longValue() > 0)) {
      faults.add("timeout_ms: must be whole milliseconds above 0, not " + timeout);
    }
    for (String list : List.of("pre_tools", "fallback_models")) {
      JsonNode value = fields.get(list);
      if (value != null && !value.isNull() && !value.isArray()) {
        faults.add(list + ": must be a list");
      }
    }
    for (JsonNode call : fields.path("pre_tools")) {
      if (!call.isObject()) {
        faults.add("pre_tools: each must be a map, not " + call);
      }
    }
    faults.addAll(ToolFields.faults(fields));
    for (JsonNode name : fields.path("approve_tools")) {
      if (!toolbox.mayCover(Json.show(name))) {
        // Not a warning: calls that were meant to be asked about would be made unasked.
        faults.add(
            "approve_tools: there is no tool \"%s\"; name one as in tools, or * for all"
                .formatted(Json.show(name)));
      }
    }
    faults.addAll(OutputChecks.faults(fields));
    return faults;
  }

  @Override
  public List<String> warnings(ObjectNode fields) {
    List<String> warnings = new ArrayList<>();
    ToolFields tools = ToolFields.of(fields, settings);
    for (String name : tools.names()) {
      if (!toolbox.knows(name)) {
        warnings.add("tools: there is no tool \"%s\"; the model does without it".formatted(name));
      }
    }
    return warnings;
  }

  /** Fallback models take the place of the step's own model; no name at all is the default. */
  private static List<String> candidates(ObjectNode fields) {
    List<String> names = new ArrayList<>();
    for (JsonNode name : fields.path("fallback_models")) {
      names.add(Json.show(name));
    }
    @Nullable JsonNode own = fields.get("model");
    return names.isEmpty() ? List.of(Json.show(own)) : names;
  }
}
