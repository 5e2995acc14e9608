package io.windlass.surface.unified;

import io.windlass.approval.Approval;
import io.windlass.approval.Approvals;
import io.windlass.engine.OpenQuestions;
import io.windlass.execution.Execution;
import io.windlass.http.Caller;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tools that show the questions to people and bring their answers. */
final class McpApprovalTools {
  private static final String ORIGIN = "mcp";
  private static final String ASK = " Only decide what your user has told you to decide.";
  private final McpTools tools;
  private final Approvals approvals;
  private final OpenQuestions questions;

  McpApprovalTools(McpTools tools) {
    this.tools = tools;
    this.approvals = tools.engine().approvals();
    this.questions = new OpenQuestions(tools.engine().executions(), approvals);
  }

  List<McpTool> tools() {
    return List.of(
        McpTool.reads(
            "list_pending_approvals",
            "Lists what runs wait for a person to decide, the oldest first.",
            McpSchemas.none()
                .number("limit", 1, 200, 50, "How many at most")
                .maybe("cursor", "string", "The next_cursor of the part before"),
            (caller, arguments) -> list(caller, arguments, true)),
        McpTool.changes(
            "approve_gate",
            "Approves or rejects the step at which a run waits; the run goes on by itself." + ASK,
            McpSchemas.of("execution_id", "string", "The run's id")
                .and(
                    "step_id",
                    "string",
                    "The step that asks; reference/step for one of a pipeline's chain")
                .maybe("approved", "boolean", "false rejects; true without it")
                .maybe("reason", "string", "Why, for the record"),
            this::gate),
        McpTool.reads(
            "list_approvals",
            "Lists questions to people, open and decided ones, from runs of every kind.",
            McpSchemas.none()
                .oneOf("status", List.of("open", "decided", "all"), "Which; all without it")
                .maybe("kind", "string", "Only of runs of this kind")
                .number("limit", 1, 200, 50, "How many at most")
                .maybe("cursor", "string", "The next_cursor of the part before"),
            (caller, arguments) -> list(caller, arguments, null)),
        McpTool.changes(
            "decide_approval",
            "Answers a question by its id: with one of its options, or approved true or false."
                + ASK,
            McpSchemas.of("approval_id", "string", "The question's id, as list_approvals shows it")
                .maybe("choice", "string", "One of its options")
                .maybe("approved", "boolean", "true takes the first option, false the refusing one")
                .maybe("reason", "string", "Why, for the record"),
            this::decide));
  }

  private Object list(Caller caller, Fields arguments, @Nullable Boolean open) {
    String status = arguments.text("status");
    String kind = arguments.text("kind");
    Long limit = arguments.wholeNumber("limit");
    String cursor = arguments.text("cursor");
    arguments.check();
    Boolean wanted = open;
    if (status != null && !status.equals("all")) {
      wanted = status.equals("open");
    }
    int most = limit == null ? 50 : (int) Math.clamp(limit, 1, 200);
    return PageJson.of(
        approvals.list(wanted, kind, cursor, most),
        one -> McpTools.sees(caller, one.owner()),
        ApprovalJson::of);
  }

  private Object gate(Caller caller, Fields arguments) {
    String id = arguments.required("execution_id");
    String step = arguments.required("step_id");
    Boolean approved = arguments.flag("approved");
    String reason = arguments.text("reason");
    arguments.check();
    Execution one = tools.execution(caller, id);
    Approval asked =
        questions
            .find(one.id(), step)
            .orElseThrow(() ->
                new WindlassException(
                    ErrorCode.APPROVAL_NOT_FOUND,
                    "The step \"%s\" of %s waits for no answer (the run is %s): list_pending_approvals shows what does"
                        .formatted(step, id, Words.of(one.status()))));
    boolean yes = approved == null || approved;
    return decided(asked, ApprovalRoutes.meant(yes, asked.options()), caller, reason);
  }

  private Object decide(Caller caller, Fields arguments) {
    String id = arguments.required("approval_id");
    Approval asked =
        find(id)
            .filter(found -> McpTools.sees(caller, found.owner()))
            .orElseThrow(() ->
                new WindlassException(
                    ErrorCode.APPROVAL_NOT_FOUND,
                    "No approval has the id \"" + id + "\": list_approvals shows them"));
    String choice = ApprovalRoutes.choice(arguments, asked.options());
    String reason = arguments.text("reason");
    arguments.check();
    return decided(asked, choice, caller, reason);
  }

  private Optional<Approval> find(String id) {
    try {
      return approvals.find(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Object decided(
      Approval asked, @Nullable String choice, Caller caller, @Nullable String reason) {
    return ApprovalJson.of(
        approvals.decide(asked.id(), choice == null ? "" : choice, caller.user(), ORIGIN, reason));
  }
}
