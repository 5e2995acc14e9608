package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.http.Caller;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;

/** Who may see what: everything on a server without accounts, else what is one's own. */
final class Access {
  private Access() {}

  static boolean seesAll(Context context) {
    return Caller.of(context).equals(Caller.LOCAL);
  }

  static boolean sees(Context context, String owner) {
    return seesAll(context) || Caller.of(context).user().equals(owner);
  }

  static String user(Context context) {
    return Caller.of(context).user();
  }

  /** The execution that the path names, if the caller may see it. */
  static Execution execution(Context context, Executions executions) {
    return execution(context, executions, context.pathParam("id"));
  }

  /** The execution with an id of either sort, if the caller may see it. */
  static Execution execution(Context context, Executions executions, String id) {
    return executions
        .find(id)
        .filter(found -> sees(context, found.owner()))
        .orElseThrow(() ->
            new WindlassException(
                ErrorCode.EXECUTION_NOT_FOUND,
                "No execution has the id '" + id + "': GET /v1/executions lists them"));
  }
}
