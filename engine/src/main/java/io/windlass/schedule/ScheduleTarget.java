package io.windlass.schedule;

import io.windlass.kernel.ExecutionId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What schedules start. */
public interface ScheduleTarget {
  /**
   * An execution that was started.
   *
   * @param id its id
   * @param publicId its public id
   */
  record Started(ExecutionId id, String publicId) {}

  /**
   * Starts a run; the same key again gives the same run.
   *
   * @param key names the due time, or null for a run outside the rule
   * @param after the run that must end first; null for none
   */
  Started start(Schedule schedule, @Nullable String key, @Nullable ExecutionId after);

  /** Whether a run has not ended. */
  boolean isUnderWay(ExecutionId id);

  /**
   * Checks that there is something to run.
   *
   * @throws io.windlass.kernel.WindlassException DEFINITION_NOT_FOUND
   */
  void mustExist(String kind, String name);

  /**
   * Checks that what is to be run takes this input.
   *
   * @throws io.windlass.kernel.WindlassException DEFINITION_NOT_FOUND, INVALID_INPUT
   */
  void mustTake(String kind, String name, ObjectNode input);
}
