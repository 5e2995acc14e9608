package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts what runs on this node by group, and refuses starts past a group's limit. */
final class Admission {
  private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();

  /** Counts one more, if the group has room. */
  void enter(AdmissionLimit limit) {
    running.compute(
        limit.group(),
        (group, count) -> {
          int now = count == null ? 0 : count;
          if (now >= limit.max()) {
            throw new WindlassException(
                ErrorCode.TOO_MANY_EXECUTIONS,
                "Too many concurrent executions (max %d): try again when one has ended, or raise %s."
                    .formatted(limit.max(), limit.setting()));
          }
          return now + 1;
        });
  }

  /**
   * Counts one that must go on whatever the limit: after a wait or a recovery, or resumed without
   * one.
   */
  void reenter(@Nullable String group) {
    if (group != null) {
      running.merge(group, 1, Integer::sum);
    }
  }

  void leave(@Nullable String group) {
    if (group != null) {
      running.merge(group, -1, Integer::sum);
    }
  }
}
