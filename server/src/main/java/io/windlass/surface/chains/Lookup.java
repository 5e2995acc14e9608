package io.windlass.surface.chains;

import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.Optional;

/** Finds the executions that this surface shows, by the ids that it gives out. */
final class Lookup {
  private final Executions executions;

  Lookup(Executions executions) {
    this.executions = executions;
  }

  Optional<Execution> find(String id) {
    return executions.find(id).filter(execution -> ChainsSurface.KINDS.contains(execution.kind()));
  }

  Execution get(String id) {
    return find(id).orElseThrow(() -> missing("Not found"));
  }

  static WindlassException missing(String message) {
    return WindlassException.notFound(ErrorCode.EXECUTION_NOT_FOUND, message);
  }
}
