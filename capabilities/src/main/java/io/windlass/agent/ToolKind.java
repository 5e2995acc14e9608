package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.model.ToolUse;
import io.windlass.step.OnRecovery;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import io.windlass.tool.PreTools;
import io.windlass.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The kind {@code tool_node}: calls one tool with the arguments that the step gives, as an agent
 * would whose model asked for it, or runs one pre-tool. People who must be asked about a tool are
 * asked here too. A call that may have changed something and was cut short is settled by a person.
 *
 * <p>Fields: {@code tool}, or {@code server} with {@code tool}, with {@code arguments} and {@code
 * tools} (those that a {@code tool} with placeholders may turn out to be); or {@code pre_tool}, an
 * object as in {@code pre_tools}. The caller fills {@code arguments} in: {@link #ARGUMENTS}.
 */
public final class ToolKind implements StepKind {
  public static final String NAME = "tool_node";

  /** The variable that holds the arguments, an object, when the step runs. */
  public static final String ARGUMENTS = "node.arguments";

  /** The variable of a pre-tool that names none. */
  private static final String RESULT = "result";

  private final PreTools preTools;
  private final Toolbox toolbox;
  private final AgentSettings settings;

  public ToolKind(PreTools preTools, Toolbox toolbox, AgentSettings settings) {
    this.preTools = preTools;
    this.toolbox = toolbox;
    this.settings = settings;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Its tools and pre-tools are those that it was built with. */
  @Override
  public boolean isRehearsable() {
    return true;
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>(ToolFields.faults(fields));
    boolean tool = !Json.show(fields.get("tool")).isBlank();
    JsonNode preTool = fields.path("pre_tool");
    if (tool == preTool.isObject()) {
      faults.add("tool: name a tool, or give a pre_tool with its fields, and not both");
    }
    if (fields.has("pre_tool") && !preTool.isObject()) {
      faults.add("pre_tool: must be an object with type and the fields of that pre-tool");
    } else if (preTool.isObject() && !preTools.names().contains(type(preTool))) {
      faults.add(
          "pre_tool.type: there is no pre-tool \"%s\"; there are: %s"
              .formatted(type(preTool), String.join(", ", preTools.names())));
    }
    if (fields.has("server") && !tool) {
      faults.add("tool: name the tool of the server \"%s\"".formatted(text(fields, "server")));
    }
    if (isOpen(fields) && fields.path("tools").isEmpty()) {
      faults.add(
          "tools: list the tools that \"%s\" may turn out to be".formatted(text(fields, "tool")));
    }
    return faults;
  }

  @Override
  public List<String> warnings(ObjectNode fields) {
    List<String> warnings = new ArrayList<>();
    for (String name : offered(fields)) {
      if (!toolbox.knows(name)) {
        warnings.add("tool: there is no tool \"%s\" here; the step will fail".formatted(name));
      }
    }
    return warnings;
  }

  @Override
  public Step bind(ObjectNode fields) {
    if (fields.get("pre_tool") instanceof ObjectNode preTool) {
      return gathering(preTool.deepCopy());
    }
    ToolFields tools = ToolFields.of(fields, settings);
    String name = fullName(fields);
    List<String> offered = offered(fields);
    boolean goesOn = text(fields, "on_error").equals("continue");
    return context -> call(context, name, offered, tools, goesOn);
  }

  private Step gathering(ObjectNode call) {
    if (!call.hasNonNull("inject_as")) {
      call.put("inject_as", RESULT);
    }
    if (!call.hasNonNull("on_error")) {
      call.put("on_error", "fail");
    }
    return context -> {
      State after = preTools.run(context, List.of(call), context.state());
      String variable = Template.render(Json.show(call.get("inject_as")), context.state());
      return StepOutcome.done(after.text(variable));
    };
  }

  private StepOutcome call(
      StepContext context, String name, List<String> offered, ToolFields tools, boolean goesOn)
      throws Exception {
    String asked = Template.render(name, context.state()).strip();
    List<String> unknown = new ArrayList<>();
    Map<String, Tool> taken = toolbox.take(offered, unknown::add);
    if (!unknown.isEmpty() && taken.isEmpty()) {
      return new StepOutcome.Failed(
          "There is no tool \"%s\": name a built-in tool, or one of a configured MCP server"
              .formatted(String.join("\", \"", unknown)),
          false);
    }
    ToolCalls calls =
        new ToolCalls(
            taken,
            new Consent(context, tools.approve(), tools.approvalTime()),
            new ToolRun(
                context, tools.cwd(context.state()), tools.time(), new OnRecovery.Ask(), !goesOn));
    JsonNode arguments = context.state().find(ARGUMENTS).orElseGet(Json::object);
    ToolUse use = new ToolUse("0", own(asked, offered, taken), Json.show(arguments));
    return switch (calls.run("0", List.of(use))) {
      case ToolCalls.Waiting(StepOutcome.Ask ask) -> ask;
      case ToolCalls.Ran(List<CallResult> results) -> outcome(asked, results.getFirst(), goesOn);
    };
  }

  private static StepOutcome outcome(String asked, CallResult result, boolean goesOn) {
    return result.failed() && !goesOn
        ? new StepOutcome.Failed(
            "Tool \"%s\": %s".formatted(asked, result.text()), !result.unusable())
        : StepOutcome.done(result.text());
  }

  /** The tool's own name: documents may call it otherwise. */
  private String own(String asked, List<String> offered, Map<String, Tool> taken)
      throws InterruptedException {
    if (taken.containsKey(asked)) {
      return asked;
    }
    if (offered.size() == 1 && offered.getFirst().equals(asked) && taken.size() == 1) {
      return taken.keySet().iterator().next();
    }
    return toolbox.take(List.of(asked), _ -> {}).keySet().stream()
        .filter(taken::containsKey)
        .findFirst()
        .orElse(asked);
  }

  private static List<String> offered(ObjectNode fields) {
    if (fields.path("pre_tool").isObject()) {
      return List.of();
    }
    if (!isOpen(fields)) {
      return List.of(fullName(fields));
    }
    List<String> names = new ArrayList<>();
    fields.path("tools").values().forEach(name -> names.add(Json.show(name)));
    return names;
  }

  /** Whether which tool it is shows only when the step runs. */
  private static boolean isOpen(ObjectNode fields) {
    return !Template.placeholders(text(fields, "tool"), false).isEmpty();
  }

  private static String fullName(ObjectNode fields) {
    String server = text(fields, "server").strip();
    String tool = text(fields, "tool").strip();
    return server.isEmpty() ? tool : server + "." + tool;
  }

  private static String type(JsonNode preTool) {
    return Json.show(preTool.get("type"));
  }

  private static String text(ObjectNode fields, String name) {
    return Json.show(fields.get(name));
  }
}
