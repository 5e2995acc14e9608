package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Figures over many executions, of all that nobody's step started. Made for kinds whose history is
 * shown to people; every answer is bounded.
 */
public interface History {
  /** How many there are. */
  long count(ExecutionFilter filter);

  /** Newest first. */
  List<PastRun> runs(ExecutionFilter filter, int limit, long offset);

  /** How they ended, by the name of their definition. */
  Map<String, Tally> tallies(ExecutionFilter filter);

  /**
   * Every execution that steps of these started, and steps of those, by the one that it all began
   * with; in the order of their start.
   */
  Map<ExecutionId, List<PastRun>> descendants(Collection<ExecutionId> roots);
}
