package io.windlass.surface.chains;

import io.javalin.http.Context;
import io.windlass.approval.Approval;
import io.windlass.approval.Approvals;
import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Executions;
import io.windlass.http.Caller;
import io.windlass.http.Routes;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes on with a failed execution and answers when it has ended. After a gate's decision the run
 * goes on by itself; a client that resumes it all the same gets its end, too.
 */
final class ResumeRoute {
  private static final Duration ROUND = Duration.ofSeconds(30);
  private static final int PAGE = 500;

  private final Executions executions;
  private final Approvals approvals;
  private final Lookup lookup;
  private final AdmissionLimit limit;

  ResumeRoute(Executions executions, Approvals approvals, Lookup lookup, AdmissionLimit limit) {
    this.executions = executions;
    this.approvals = approvals;
    this.lookup = lookup;
    this.limit = limit;
  }

  void declare(Routes routes) {
    routes.post("/executions/{id}/resume", this::resume);
  }

  private void resume(Context context) throws InterruptedException {
    Execution execution =
        lookup
            .find(context.pathParam("id"))
            .orElseThrow(() -> Lookup.missing("Execution not found"));
    ExecutionStatus status = execution.status();
    if (status == ExecutionStatus.FAILED || status == ExecutionStatus.CANCELLED) {
      begin(execution, Caller.of(context).user());
    } else if (status == ExecutionStatus.WAITING && openGate(execution).isPresent()) {
      throw refused(waitsAt(execution, openGate(execution).orElseThrow()));
    } else if (!passedAGate(execution)) {
      throw refused(
          "Execution %s is %s: only one that ended with an error can be resumed"
              .formatted(execution.publicId(), Words.status(status)));
    }
    Execution ended = awaitEnd(execution);
    if (ended.status() != ExecutionStatus.SUCCEEDED) {
      String error = Words.error(ended);
      throw refused(error == null ? "Execution failed" : error);
    }
    context.json(Map.of("executionId", ended.publicId(), "result", Json.show(ended.result())));
  }

  private void begin(Execution execution, String by) {
    try {
      executions.resume(execution.id(), by, limit);
    } catch (WindlassException e) {
      throw e.code() == ErrorCode.WRONG_STATE ? refused(e.text()) : e;
    }
  }

  private Execution awaitEnd(Execution execution) throws InterruptedException {
    while (true) {
      Optional<Execution> ended = executions.awaitEnd(execution.id(), ROUND);
      if (ended.isPresent()) {
        return ended.get();
      }
    }
  }

  private Optional<Approval> openGate(Execution execution) {
    return executions.detail(execution.id()).steps().stream()
        .flatMap(step -> approvals.findOpen(execution.id(), step.id()).stream())
        .findFirst();
  }

  private boolean passedAGate(Execution execution) {
    long after = 0;
    while (true) {
      List<Entry> page = executions.entries(execution.id(), after, PAGE);
      if (page.isEmpty()) {
        return false;
      }
      if (page.stream().anyMatch(entry -> entry.event() instanceof Event.ApprovalAnswered)) {
        return true;
      }
      after = page.getLast().number();
    }
  }

  private static String waitsAt(Execution execution, Approval gate) {
    return "Execution %s waits for a decision on step \"%s\": POST /executions/%s/approve/%s"
        .formatted(execution.publicId(), gate.step(), execution.publicId(), gate.step());
  }

  /** The contract has 500 for a resume that cannot be, and for a run that failed again. */
  private static WindlassException refused(String message) {
    return new WindlassException(ErrorCode.STEP_FAILED, message);
  }
}
