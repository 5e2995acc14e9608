package io.windlass.tool;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fork;
import io.windlass.kernel.Nearest;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import io.windlass.step.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The known pre-tools, and how a step's {@code pre_tools} list is run before the step. */
public final class PreTools {
  /** How the keys of the effects begin that pre-tool calls are. */
  public static final String EFFECTS = "pre:";

  private final Map<String, PreTool> tools = new TreeMap<>();
  private final PreToolRun runner;

  public PreTools(List<? extends PreTool> tools) {
    this(tools, Thread::sleep);
  }

  PreTools(List<? extends PreTool> tools, Pause pause) {
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
    this.runner = new PreToolRun(pause);
  }

  /** How a retry waits. */
  @FunctionalInterface
  interface Pause {
    void take(Duration time) throws InterruptedException;
  }

  /**
   * The fields that a call cannot do without, by pre-tool, for every pre-tool that the chain format
   * names, built or not. A name that is missing here is a mistake in the document.
   */
  public static Map<String, List<String>> requiredFields() {
    return DocumentedPreTools.REQUIRED;
  }

  /** Names of the pre-tools that can be run. */
  public List<String> names() {
    return List.copyOf(tools.keySet());
  }

  /**
   * The {@code pre_tools} of a step's fields; the step's {@code cwd} is also each call's, unless it
   * has its own.
   */
  public static List<ObjectNode> calls(ObjectNode step) {
    List<ObjectNode> calls = new ArrayList<>();
    JsonNode listed = step.path("pre_tools");
    for (JsonNode item : listed) {
      if (item instanceof ObjectNode call) {
        ObjectNode own = call.deepCopy();
        JsonNode cwd = step.get("cwd");
        if (cwd != null && !own.hasNonNull("cwd")) {
          own.set("cwd", cwd);
        }
        calls.add(own);
      } else {
        throw new WindlassException(
            ErrorCode.INVALID_DEFINITION,
            "pre_tools[%d] must be an object with type and inject_as, not %s"
                .formatted(calls.size(), item));
      }
    }
    return calls;
  }

  /** {@link #run(StepContext, String, List, State)} for a step that runs its list once. */
  public State run(StepContext context, List<ObjectNode> calls, State state) throws Exception {
    return run(context, "", calls, state);
  }

  /**
   * Runs calls in order, neighbours with {@code parallel: true} together; each sees the variables
   * of those before it. A call that finished is answered from the journal when the step is
   * replayed.
   *
   * @param scope tells apart the runs of one step, {@code item3.} for one of a loop's; else empty
   * @return the state with each call's variable set
   * @throws WindlassException INVALID_DEFINITION for an unusable list, NOT_CONFIGURED for a
   *     pre-tool that is not built, both before anything is run; STEP_FAILED for {@code on_error:
   *     fail}
   */
  public State run(StepContext context, String scope, List<ObjectNode> calls, State state)
      throws Exception {
    for (int i = 0; i < calls.size(); i++) {
      tool(
          i,
          PreToolPolicy.type(where(i), calls.get(i), state),
          PreToolPolicy.variable(where(i), calls.get(i), state));
    }
    State seen = state;
    for (int from = 0; from < calls.size(); ) {
      int to = from + 1;
      if (PreToolPolicy.parallel(calls.get(from))) {
        while (to < calls.size() && PreToolPolicy.parallel(calls.get(to))) {
          to++;
        }
      }
      seen = seen.with(group(context, scope, calls, from, to, seen));
      from = to;
    }
    return seen;
  }

  private Map<String, JsonNode> group(
      StepContext context, String scope, List<ObjectNode> calls, int from, int to, State state)
      throws Exception {
    Map<String, JsonNode> set = new LinkedHashMap<>();
    if (to - from == 1) {
      set.put(variable(from, calls, state), one(context, scope, from, calls.get(from), state));
      return set;
    }
    try (Fork<JsonNode> fork = Fork.open("pre-tools")) {
      for (int i = from; i < to; i++) {
        int index = i;
        fork.fork(() -> one(context, scope, index, calls.get(index), state));
      }
      List<JsonNode> texts = fork.join();
      for (int i = from; i < to; i++) {
        set.put(variable(i, calls, state), texts.get(i - from));
      }
    }
    return set;
  }

  private JsonNode one(StepContext context, String scope, int index, ObjectNode fields, State state)
      throws Exception {
    String type = PreToolPolicy.type(where(index), fields, state);
    PreTool tool = tool(index, type, PreToolPolicy.variable(where(index), fields, state));
    PreToolPolicy policy = PreToolPolicy.of(where(index), fields, state, tool);
    return runner.run(scope, index, policy, tool, fields, state, context);
  }

  private PreTool tool(int index, String type, String variable) {
    PreTool tool = tools.get(type);
    if (tool != null) {
      return tool;
    }
    String which = "%s (inject_as \"%s\")".formatted(where(index), variable);
    if (DocumentedPreTools.REQUIRED.containsKey(type)) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "Pre-tool \"%s\" at %s is not available in this version; available: %s"
              .formatted(type, which, String.join(", ", tools.keySet())));
    }
    String hint = Nearest.hint(type, DocumentedPreTools.REQUIRED.keySet());
    throw new WindlassException(
        ErrorCode.INVALID_DEFINITION,
        "Unknown pre-tool \"%s\" at %s%s"
            .formatted(
                type,
                which,
                hint.isEmpty() ? "; available: " + String.join(", ", tools.keySet()) : hint));
  }

  private static String variable(int index, List<ObjectNode> calls, State state) {
    return PreToolPolicy.variable(where(index), calls.get(index), state);
  }

  private static String where(int index) {
    return "pre_tools[" + index + "]";
  }
}
