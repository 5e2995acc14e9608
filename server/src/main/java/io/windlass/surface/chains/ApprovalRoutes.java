package io.windlass.surface.chains;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.Context;
import io.windlass.approval.Approval;
import io.windlass.approval.Approvals;
import io.windlass.engine.OpenQuestions;
import io.windlass.execution.Execution;
import io.windlass.http.Caller;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Page;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The open questions of chains and pipelines, and their answers. */
final class ApprovalRoutes {
  private static final int PAGE = 200;
  private static final int MOST = 1_000;
  private static final String NONE = "No pending approval found";

  private final Approvals approvals;
  private final OpenQuestions questions;
  private final Lookup lookup;

  ApprovalRoutes(Approvals approvals, OpenQuestions questions, Lookup lookup) {
    this.approvals = approvals;
    this.questions = questions;
    this.lookup = lookup;
  }

  void declare(Routes routes) {
    routes.get("/approvals", this::list).post("/executions/{id}/approve/<stepId>", this::decide);
  }

  private void list(Context context) {
    List<ApprovalJson> open = new ArrayList<>();
    for (String kind : List.of(ChainsSurface.CHAIN, ChainsSurface.PIPELINE)) {
      @Nullable String cursor = null;
      do {
        Page<Approval> page = approvals.list(true, kind, cursor, PAGE);
        page.items().forEach(approval -> open.add(ApprovalJson.of(approval)));
        cursor = page.nextCursor();
      } while (cursor != null && open.size() < MOST);
    }
    context.json(open);
  }

  private void decide(Context context) {
    ObjectNode body = RequestBody.object(context);
    Boolean approved = Fields.flag(body, "approved");
    if (approved == null) {
      throw WindlassException.invalid("approved is required: send {\"approved\": true} or false");
    }
    Approval approval = open(context.pathParam("id"), context.pathParam("stepId"));
    try {
      approvals.decide(
          approval.id(),
          choice(approval, approved),
          Caller.of(context).user(),
          ChainsSurface.NAME,
          Fields.text(body, "reason"));
    } catch (WindlassException e) {
      throw e.code() == ErrorCode.ALREADY_DECIDED ? missing() : e;
    }
    context.json(Map.of("ok", true));
  }

  /** Consent is the first option; its opposite is a rejection where there is one, else the last. */
  private static String choice(Approval approval, boolean approved) {
    if (approved) {
      return approval.options().getFirst();
    }
    return approval.options().contains(Question.REJECT)
        ? Question.REJECT
        : approval.options().getLast();
  }

  private Approval open(String id, String stepId) {
    Execution execution = lookup.find(id).orElseThrow(ApprovalRoutes::missing);
    // A stream of a pipeline names a chain's step "ref/step": the question is the chain's.
    return questions.find(execution.id(), stepId).orElseThrow(ApprovalRoutes::missing);
  }

  private static WindlassException missing() {
    return WindlassException.notFound(ErrorCode.APPROVAL_NOT_FOUND, NONE);
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record ApprovalJson(
      String executionId,
      String stepId,
      String chainName,
      String prompt,
      @Nullable String startedAt,
      String kind,
      List<String> options,
      @Nullable String expiresAt) {

    static ApprovalJson of(Approval approval) {
      return new ApprovalJson(
          approval.publicId(),
          approval.step(),
          Words.chainName(approval.definitionKind(), approval.definitionName()),
          approval.prompt(),
          Words.instant(approval.requestedAt()),
          approval.kind(),
          approval.options(),
          Words.instant(approval.expiresAt()));
    }
  }
}
