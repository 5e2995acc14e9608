package io.windlass.surface.unified;

import io.windlass.definition.Definition;
import io.windlass.engine.QuestionPaths;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Executions;
import io.windlass.execution.Rerun;
import io.windlass.execution.StartRequest;
import io.windlass.http.Caller;
import io.windlass.journal.Entry;
import io.windlass.kernel.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Tools that start, show and stop runs, of every kind. */
final class McpRunTools {
  private static final String ORIGIN = "mcp";
  private static final int LONGEST_WAIT = 300;
  private static final int MOST_ASKED = 200;
  private static final String ID = "execution_id";
  private final McpTools tools;
  private final Executions executions;

  McpRunTools(McpTools tools) {
    this.tools = tools;
    this.executions = tools.engine().executions();
  }

  List<McpTool> tools() {
    return List.of(
        McpTool.changes(
            "run_chain",
            "Starts a chain and answers its execution_id; with wait_seconds also its result, if it ends in time.",
            run("The chain's name"),
            (caller, arguments) -> start(caller, "chain", arguments)),
        McpTool.reads(
            "chain_status",
            "Tells how far a run of any kind is: its status, each step's status, and the questions that it, or what it started, waits with; path of a question is the step_id for approve_gate.",
            id(),
            this::status),
        McpTool.reads(
            "chain_result",
            "The result of a run of any kind that has ended, or why it failed; with wait_seconds it waits for the end.",
            id().number("wait_seconds", 0, LONGEST_WAIT, 0, "How long to wait for the end"),
            this::result),
        McpTool.changes(
            "run_pipeline",
            "Starts a pipeline and answers its execution_id; with wait_seconds also its result, if it ends in time.",
            run("The pipeline's name"),
            (caller, arguments) -> start(caller, "pipeline", arguments)),
        McpTool.reads(
            "pipeline_status",
            "Tells how far the run of a pipeline is, chain by chain.",
            id(),
            this::status),
        McpTool.changes(
            "start_execution",
            "Starts a definition of any kind, as a graph or a workflow that list_definitions shows; run_chain and run_pipeline are the same for theirs.",
            run("The definition's name")
                .and("kind", "string", "The kind: " + String.join(", ", tools.kinds().keySet())),
            this::startAny),
        McpTool.reads(
            "list_executions",
            "Lists runs of every kind, the newest first.",
            McpSchemas.none()
                .maybe(
                    "kind",
                    "string",
                    "Only this kind: " + String.join(", ", tools.kinds().keySet()))
                .maybe("name", "string", "Only runs of this definition")
                .oneOf("status", statuses(), "Only runs that stand so")
                .number("limit", 1, 200, 20, "How many at most")
                .maybe("cursor", "string", "The next_cursor of the part before"),
            this::list),
        McpTool.reads(
            "get_execution",
            "Shows all of a run of any kind: its input, result, and each step with its output.",
            id(),
            (caller, arguments) -> {
              Execution one = one(caller, arguments);
              Integer version =
                  tools
                      .engine()
                      .definitions()
                      .version(one.versionId())
                      .map(Definition::version)
                      .orElse(null);
              return ExecutionJson.Detail.of(executions.detail(one.id()), version);
            }),
        McpTool.destroys(
            "cancel_execution",
            "Cancels a run of any kind, which stops what runs of it.",
            id(),
            (caller, arguments) ->
                ExecutionJson.of(executions.cancel(one(caller, arguments).id(), caller.user()))),
        McpTool.changes(
            "resume_execution",
            "Goes on with a failed or cancelled run from its last finished step.",
            id(),
            this::resume),
        McpTool.changes(
            "rerun_execution",
            "Repeats an ended run as a new one, from the beginning or from a step.",
            id().maybe("from_step", "string", "The step from which on it is repeated")
                .maybe(
                    "current_definition", "boolean", "Whether to run the definition as it is now"),
            this::rerun),
        McpTool.reads(
            "execution_events",
            "Replays what happened in a run, event by event.",
            id().number("after", 0, Long.MAX_VALUE, 0, "Only events with greater numbers")
                .number("limit", 1, 500, 100, "How many at most"),
            this::events));
  }

  private static McpSchemas run(String name) {
    return McpSchemas.of("name", "string", name)
        .maybe("input", "object", "The inputs by name")
        .number("wait_seconds", 0, LONGEST_WAIT, 0, "How long to wait for the end")
        .maybe("idempotency_key", "string", "The same key again answers the same run");
  }

  private static McpSchemas id() {
    return McpSchemas.of(
        ID, "string", "The run's id, as run_chain, start_execution or list_executions told it");
  }

  private static List<String> statuses() {
    return Arrays.stream(ExecutionStatus.values()).map(Words::of).toList();
  }

  private Object startAny(Caller caller, Fields arguments) throws InterruptedException {
    String kind = arguments.required("kind");
    if (!tools.kinds().containsKey(kind)) {
      arguments.fault(
          "kind", "'" + kind + "' is not one of " + String.join(", ", tools.kinds().keySet()));
      arguments.check();
    }
    return start(caller, kind, arguments);
  }

  private Object start(Caller caller, String kind, Fields arguments) throws InterruptedException {
    String name = arguments.required("name");
    ObjectNode input = arguments.object("input");
    Long wait = arguments.wholeNumber("wait_seconds");
    String key = arguments.text("idempotency_key");
    arguments.check();
    var _ = tools.definition(kind, name);
    Execution started =
        executions.start(
            new StartRequest(
                kind,
                name,
                input == null ? Json.object() : input,
                ORIGIN,
                caller.user(),
                tools.engine().definitions().kind(kind).publicIdPrefix(),
                key,
                KindRules.limit(tools.kinds(), kind, caller.user())));
    return told(awaited(started, wait));
  }

  private Execution awaited(Execution one, @Nullable Long seconds) throws InterruptedException {
    if (seconds == null || seconds == 0 || one.finishedAt() != null) {
      return one;
    }
    Duration atMost = Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT));
    return executions.awaitEnd(one.id(), atMost).orElseGet(() -> executions.get(one.id()));
  }

  private Object result(Caller caller, Fields arguments) throws InterruptedException {
    Long wait = arguments.wholeNumber("wait_seconds");
    return told(awaited(one(caller, arguments), wait));
  }

  private Map<String, Object> told(Execution one) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put(ID, one.publicId());
    told.put("name", one.name());
    told.put("status", Words.of(one.status()));
    if (one.result() != null) {
      told.put("result", one.result());
    }
    if (one.error() != null) {
      told.put("error", one.error());
    }
    if (one.durationMs() != null) {
      told.put("duration_ms", one.durationMs());
    }
    told.put("next", next(one.status()));
    return told;
  }

  /** What to do about a run that stands so, in the names of these tools. */
  static String next(ExecutionStatus status) {
    return switch (status) {
      case QUEUED, RUNNING ->
          "It goes on by itself: ask chain_status, or chain_result with wait_seconds";
      case WAITING ->
          "It waits. If for a person, list_pending_approvals shows the question, and approve_gate or"
              + " decide_approval answers it; else, for a time or another run, it goes on by itself";
      case SUCCEEDED -> "It is done";
      case FAILED, CANCELLED ->
          "execution_events tells what happened; resume_execution goes on from the last finished"
              + " step, rerun_execution with current_definition runs a document that was mended";
    };
  }

  private Object status(Caller caller, Fields arguments) {
    Execution one = one(caller, arguments);
    var detail = executions.detail(one.id());
    Map<String, Object> told = told(detail.execution());
    told.remove("result");
    List<ObjectNode> steps = new ArrayList<>();
    for (var step : detail.steps()) {
      ObjectNode shown = Json.object().put("id", step.id()).put("label", step.label());
      shown.put("type", step.kind()).put("status", Words.of(step.status()));
      if (step.error() != null) {
        shown.put("error", step.error());
      }
      if (step.durationMs() != null) {
        shown.put("duration_ms", step.durationMs());
      }
      steps.add(shown);
    }
    told.put("steps", steps);
    QuestionPaths paths = new QuestionPaths(executions, one.id());
    told.put(
        "pending_approvals",
        tools.engine().approvals().list(true, null, one.id(), null, MOST_ASKED).items().stream()
            .map(asked -> ApprovalJson.of(asked, paths.of(asked)))
            .toList());
    told.put("usage", UsageJson.of(detail.execution().usage()));
    return told;
  }

  private Object list(Caller caller, Fields arguments) {
    String kind = arguments.text("kind");
    String name = arguments.text("name");
    ExecutionStatus status = arguments.word("status", ExecutionStatus.class);
    Long limit = arguments.wholeNumber("limit");
    String cursor = arguments.text("cursor");
    arguments.check();
    String owner = caller.equals(Caller.LOCAL) ? null : caller.user();
    var filter =
        new ExecutionFilter(
            kind == null ? Set.of() : Set.of(kind),
            name,
            status == null ? Set.of() : Set.of(status),
            owner,
            null,
            null);
    int most = limit == null ? 20 : (int) Math.clamp(limit, 1, 200);
    return PageJson.of(executions.list(filter, cursor, most), _ -> true, ExecutionJson.Summary::of);
  }

  private Object resume(Caller caller, Fields arguments) {
    Execution one = one(caller, arguments);
    return ExecutionJson.of(
        executions.resume(
            one.id(), caller.user(), KindRules.limit(tools.kinds(), one.kind(), one.owner())));
  }

  private Object rerun(Caller caller, Fields arguments) {
    String from = arguments.text("from_step");
    Boolean current = arguments.flag("current_definition");
    Execution one = one(caller, arguments);
    return told(
        executions.rerun(
            one.id(),
            new Rerun(
                from,
                Boolean.TRUE.equals(current),
                caller.user(),
                ORIGIN,
                KindRules.limit(tools.kinds(), one.kind(), caller.user()))));
  }

  private Object events(Caller caller, Fields arguments) {
    Long after = arguments.wholeNumber("after");
    Long limit = arguments.wholeNumber("limit");
    Execution one = one(caller, arguments);
    int most = limit == null ? 100 : (int) Math.clamp(limit, 1, 500);
    List<Entry> found = executions.entries(one.id(), after == null ? 0 : after, most);
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("events", found.stream().map(EventJson::of).toList());
    told.put("next_after", found.isEmpty() ? after : (Long) found.getLast().number());
    return told;
  }

  private Execution one(Caller caller, Fields arguments) {
    String id = arguments.required(ID);
    arguments.check();
    return tools.execution(caller, id);
  }
}
