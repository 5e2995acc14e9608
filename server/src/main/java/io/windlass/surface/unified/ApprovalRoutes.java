package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.approval.Approval;
import io.windlass.approval.Approvals;
import io.windlass.engine.QuestionPaths;
import io.windlass.execution.Executions;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Question;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /v1/approvals}: the one inbox of questions to people. */
final class ApprovalRoutes {
  private final Approvals approvals;
  private final Executions executions;

  ApprovalRoutes(Approvals approvals, Executions executions) {
    this.approvals = approvals;
    this.executions = executions;
  }

  void declare(Routes routes) {
    routes
        .get("/v1/approvals", this::list)
        .get("/v1/approvals/{id}", context -> context.json(ApprovalJson.of(find(context))))
        .post("/v1/approvals/{id}/decide", this::decide);
  }

  private void list(Context context) {
    Query query = new Query(context);
    String status = query.oneOf("status", List.of("open", "decided", "all"));
    String kind = query.text("kind");
    String within = query.text("within");
    int limit = query.limit();
    query.check();
    Boolean open = status.equals("all") ? null : (Boolean) status.equals("open");
    ExecutionId root = within == null ? null : Access.execution(context, executions, within).id();
    QuestionPaths paths = root == null ? null : new QuestionPaths(executions, root);
    context.json(
        PageJson.of(
            approvals.list(open, kind, root, query.cursor(), limit),
            one -> Access.sees(context, one.owner()),
            one -> ApprovalJson.of(one, paths == null ? null : paths.of(one))));
  }

  private void decide(Context context) {
    Approval asked = find(context);
    Fields body = new Fields(RequestBody.object(context));
    String choice = choice(body, asked.options());
    String reason = body.text("reason");
    body.check();
    try {
      context.json(
          ApprovalJson.of(
              approvals.decide(
                  asked.id(), choice, Access.user(context), UnifiedSurface.NAME, reason)));
    } catch (WindlassException e) {
      var decision = approvals.find(asked.id()).map(Approval::decision).orElse(null);
      if (e.code() != ErrorCode.ALREADY_DECIDED || decision == null) {
        throw e;
      }
      Problem.write(context, e, "decision", ApprovalJson.DecisionJson.of(decision));
    }
  }

  static String choice(Fields body, List<String> options) {
    String choice = body.text("choice");
    Boolean approved = body.flag("approved");
    String shown = String.join(", ", options);
    String meant = approved == null ? null : meant(approved, options);
    if (choice == null && meant == null) {
      body.fault("choice", "is required: one of " + shown + "; or send approved as true or false");
    } else if (choice != null && !options.contains(choice)) {
      body.fault("choice", "'" + choice + "' is not one of " + shown);
    } else if (choice != null && meant != null && !choice.equals(meant)) {
      body.fault("approved", "says '" + meant + "', but choice says '" + choice + "': send one");
    }
    if (choice != null) {
      return choice;
    }
    return meant == null ? "" : meant;
  }

  /** The first option consents; the refusing one is named so, or is the last. */
  static @Nullable String meant(boolean approved, List<String> options) {
    if (options.isEmpty()) {
      return null;
    }
    if (approved) {
      return options.getFirst();
    }
    return options.contains(Question.REJECT) ? Question.REJECT : options.getLast();
  }

  private Approval find(Context context) {
    String id = context.pathParam("id");
    try {
      return approvals
          .find(UUID.fromString(id))
          .filter(found -> Access.sees(context, found.owner()))
          .orElseThrow(() -> unknown(id, null));
    } catch (IllegalArgumentException e) {
      throw unknown(id, e);
    }
  }

  private static WindlassException unknown(String id, @Nullable Exception cause) {
    return new WindlassException(
        ErrorCode.APPROVAL_NOT_FOUND,
        "No approval has the id '" + id + "': GET /v1/approvals?status=all lists them",
        cause);
  }
}
