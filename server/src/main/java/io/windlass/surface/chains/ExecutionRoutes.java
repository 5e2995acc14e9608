package io.windlass.surface.chains;

import io.javalin.http.Context;
import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.Executions;
import io.windlass.execution.StartRequest;
import io.windlass.http.Caller;
import io.windlass.http.IdempotencyKey;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Starting, showing, listing and cancelling executions. */
final class ExecutionRoutes {
  private static final int LIST_DEFAULT = 50;
  private static final int LIST_MOST = 200;

  private final Executions executions;
  private final Lookup lookup;
  private final AdmissionLimit limit;
  private final OutputFiles files;

  ExecutionRoutes(Executions executions, Lookup lookup, AdmissionLimit limit) {
    this.executions = executions;
    this.lookup = lookup;
    this.limit = limit;
    this.files = new OutputFiles(executions);
  }

  void declare(Routes routes) {
    routes
        .post("/execute/{name}", context -> execute(context, ChainsSurface.CHAIN, ""))
        .post(
            "/pipelines/{name}/execute",
            context -> execute(context, ChainsSurface.PIPELINE, ChainsSurface.PIPELINE_PREFIX))
        .get("/executions", this::list)
        .get("/executions/{id}", this::status)
        .delete("/executions/{id}", this::cancel);
  }

  private void execute(Context context, String kind, String prefix) {
    String name = context.pathParam("name");
    var request =
        new StartRequest(
            kind,
            name,
            Fields.input(RequestBody.object(context)),
            ChainsSurface.NAME,
            Caller.of(context).user(),
            prefix,
            IdempotencyKey.of(context),
            limit);
    try {
      context.json(Map.of("executionId", executions.start(request).publicId()));
    } catch (WindlassException e) {
      throw unknownIsBadInput(e);
    }
  }

  private void list(Context context) {
    int count = Fields.query(context, "limit", LIST_DEFAULT, 1, LIST_MOST);
    int offset = Fields.query(context, "offset", 0, 0, Integer.MAX_VALUE);
    ExecutionFilter filter = ExecutionFilter.ofKinds(Set.of(ChainsSurface.CHAIN));
    List<ExecutionJson> summaries =
        executions.recent(filter, count, offset).stream()
            .map(detail -> ExecutionJson.summary(detail, files.of(detail)))
            .toList();
    context.json(summaries);
  }

  private void status(Context context) {
    Execution execution = lookup.get(context.pathParam("id"));
    context.json(ExecutionJson.whole(executions.detail(execution.id())));
  }

  private void cancel(Context context) {
    String gone = "Execution not found or already finished";
    Execution execution =
        lookup.find(context.pathParam("id")).orElseThrow(() -> Lookup.missing(gone));
    try {
      executions.cancel(execution.id(), Caller.of(context).user());
    } catch (WindlassException e) {
      throw e.code() == ErrorCode.WRONG_STATE ? Lookup.missing(gone) : e;
    }
    context.json(Map.of("ok", true));
  }

  /** The contract answers 400, not 404, when what is to be started does not exist. */
  static WindlassException unknownIsBadInput(WindlassException e) {
    return e.code() == ErrorCode.DEFINITION_NOT_FOUND
        ? new WindlassException(ErrorCode.INVALID_INPUT, e.text(), e)
        : e;
  }
}
