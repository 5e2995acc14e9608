package io.windlass.surface.unified;

import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.execution.StartRequest;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleDraft;
import io.windlass.schedule.ScheduleTarget;
import io.windlass.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Schedules in memory that never fire by themselves. */
final class FakeSchedules implements Schedules {
  private final Map<String, Schedule> all = new LinkedHashMap<>();
  private final Executions executions;

  FakeSchedules(Executions executions) {
    this.executions = executions;
  }

  @Override
  public synchronized List<Schedule> list() {
    return List.copyOf(all.values());
  }

  @Override
  public synchronized Optional<Schedule> find(String id) {
    return Optional.ofNullable(all.get(id));
  }

  @Override
  public synchronized Schedule create(ScheduleDraft draft, String owner) {
    Schedule blank =
        new Schedule(
            "sched_%08x".formatted(all.size() + 1),
            "",
            "",
            "",
            Json.object(),
            "",
            ZoneOffset.UTC,
            true,
            Schedule.Overlap.SKIP,
            Schedule.Misfire.SKIP,
            Duration.ofMinutes(1),
            owner,
            Instant.now(),
            null,
            null,
            null,
            null);
    return put(blank, draft, null);
  }

  @Override
  public synchronized Schedule update(String id, ScheduleDraft draft) {
    return put(known(id), draft, null);
  }

  @Override
  public synchronized Schedule toggle(String id) {
    Schedule one = known(id);
    return put(
        one,
        new ScheduleDraft(null, null, null, null, null, null, !one.enabled(), null, null, null),
        null);
  }

  @Override
  public ExecutionId runNow(String id) {
    return runNow(
        id,
        one -> {
          Execution run =
              executions.start(
                  new StartRequest(
                      one.kind(),
                      one.name(),
                      one.input(),
                      "schedule",
                      one.owner(),
                      "",
                      null,
                      null));
          return new ScheduleTarget.Started(run.id(), run.publicId());
        });
  }

  @Override
  public synchronized ExecutionId runNow(
      String id, Function<Schedule, ScheduleTarget.Started> start) {
    Schedule one = known(id);
    ExecutionId started = start.apply(one).id();
    put(
        one,
        new ScheduleDraft(null, null, null, null, null, null, null, null, null, null),
        started);
    return started;
  }

  @Override
  public synchronized boolean delete(String id) {
    return all.remove(id) != null;
  }

  private Schedule known(String id) {
    return find(id)
        .orElseThrow(() -> new WindlassException(ErrorCode.SCHEDULE_NOT_FOUND, "no " + id));
  }

  private Schedule put(Schedule one, ScheduleDraft draft, @Nullable ExecutionId run) {
    String cron = Objects.requireNonNullElse(draft.cron(), one.cron());
    if (cron.split(" ").length != 5) {
      throw new WindlassException(
          ErrorCode.INVALID_SCHEDULE, "cron '" + cron + "' has not five fields");
    }
    boolean enabled = Objects.requireNonNullElse(draft.enabled(), one.enabled());
    Schedule made =
        new Schedule(
            one.id(),
            Objects.requireNonNullElse(draft.label(), one.label()),
            Objects.requireNonNullElse(draft.kind(), one.kind()),
            Objects.requireNonNullElse(draft.name(), one.name()),
            Objects.requireNonNullElse(draft.input(), one.input()),
            cron,
            Objects.requireNonNullElse(draft.zone(), one.zone()),
            enabled,
            Objects.requireNonNullElse(draft.overlap(), one.overlap()),
            Objects.requireNonNullElse(draft.misfire(), one.misfire()),
            Objects.requireNonNullElse(draft.lateness(), one.lateness()),
            one.owner(),
            one.createdAt(),
            run == null ? one.lastRunAt() : Instant.now(),
            run == null ? one.lastRun() : run,
            run == null ? one.lastRunPublicId() : run.hex(),
            enabled ? Instant.now().plusSeconds(60) : null);
    all.put(made.id(), made);
    return made;
  }
}
