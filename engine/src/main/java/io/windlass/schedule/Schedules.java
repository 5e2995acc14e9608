package io.windlass.schedule;

import io.windlass.kernel.ExecutionId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Definitions started by the clock. */
public interface Schedules {
  List<Schedule> list();

  Optional<Schedule> find(String id);

  /**
   * Needs kind, name and cron.
   *
   * @throws io.windlass.kernel.WindlassException INVALID_SCHEDULE, DEFINITION_NOT_FOUND
   */
  Schedule create(ScheduleDraft draft, String owner);

  Schedule update(String id, ScheduleDraft draft);

  Schedule toggle(String id);

  /** Starts it now, whatever its cron and overlap rule say. */
  ExecutionId runNow(String id);

  /**
   * The same for somebody who starts it themselves, as with a limit of their own.
   *
   * @return what was started
   */
  ExecutionId runNow(String id, Function<Schedule, ScheduleTarget.Started> start);

  boolean delete(String id);
}
