package io.windlass.schedule;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Ids;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schedules that an alarm per schedule fires. The due time is in the schedule's row and names the
 * run that it starts, so that no restart and no second node makes it fire twice.
 */
public final class CronSchedules implements Schedules {
  private static final Logger log = LoggerFactory.getLogger(CronSchedules.class);

  /** Later than this a due time counts as missed: the usual jitter of a busy machine is not. */
  private static final Duration ON_TIME = Duration.ofMinutes(1);

  private static final Duration DEFAULT_LATENESS = Duration.ofHours(1);

  private final ScheduleStore store;
  private final ScheduleTarget target;
  private final Alarms alarms;
  private final InstantSource clock;
  private final Ids ids;

  /** The alarms of the clockwork. */
  public interface Alarms {
    void set(String name, Instant at);

    void cancel(String name);
  }

  public CronSchedules(
      Database database, ScheduleTarget target, Alarms alarms, InstantSource clock, Ids ids) {
    this.store = new ScheduleStore(database);
    this.target = target;
    this.alarms = alarms;
    this.clock = clock;
    this.ids = ids;
  }

  /** Sets the alarm of every schedule, as a crash may have come between a row and its alarm. */
  public void setAlarms() {
    store.list().forEach(this::setAlarm);
  }

  @Override
  public List<Schedule> list() {
    return store.list();
  }

  @Override
  public Optional<Schedule> find(String id) {
    return store.find(id);
  }

  @Override
  public Schedule create(ScheduleDraft draft, String owner) {
    if (isBlank(draft.name()) || isBlank(draft.kind()) || isBlank(draft.cron())) {
      throw new WindlassException(
          ErrorCode.INVALID_SCHEDULE, "A schedule needs the name of what it runs and a cron.");
    }
    String id = "sched_" + HexFormat.of().toHexDigits(ids.next().getMostSignificantBits());
    ObjectNode noInput = Json.object();
    Schedule blank =
        new Schedule(
            id,
            "",
            "",
            "",
            noInput,
            "",
            ZoneId.systemDefault(),
            true,
            Schedule.Overlap.ALLOW,
            Schedule.Misfire.SKIP,
            DEFAULT_LATENESS,
            owner,
            Instant.ofEpochMilli(clock.millis()),
            null,
            null,
            null,
            null);
    return save(blank, draft);
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  @Override
  public Schedule update(String id, ScheduleDraft draft) {
    return save(get(id), draft);
  }

  @Override
  public Schedule toggle(String id) {
    Schedule schedule = get(id);
    return save(
        schedule,
        new ScheduleDraft(
            null, null, null, null, null, null, !schedule.enabled(), null, null, null));
  }

  private Schedule get(String id) {
    return store
        .find(id)
        .orElseThrow(() ->
            new WindlassException(
                ErrorCode.SCHEDULE_NOT_FOUND, "There is no schedule \"" + id + "\"."));
  }

  private Schedule save(Schedule old, ScheduleDraft draft) {
    String kind = or(draft.kind(), old.kind());
    String name = or(draft.name(), old.name());
    target.mustExist(kind, name);
    if (draft.kind() != null || draft.name() != null || draft.input() != null) {
      target.mustTake(kind, name, or(draft.input(), old.input()));
    }
    String cron = or(draft.cron(), old.cron());
    ZoneId zone = or(draft.zone(), old.zone());
    boolean enabled = or(draft.enabled(), old.enabled());
    Duration lateness = or(draft.lateness(), old.lateness());
    if (lateness.isNegative()) {
      throw new WindlassException(
          ErrorCode.INVALID_SCHEDULE, "A schedule's lateness cannot be negative: " + lateness);
    }
    CronRule rule = CronRule.parse(cron, zone);
    if (enabled && rule.nextAfter(clock.instant()).isEmpty()) {
      throw new WindlassException(
          ErrorCode.INVALID_SCHEDULE,
          "The cron expression \"%s\" is never due: no such day comes.".formatted(cron));
    }
    boolean sameRule =
        cron.equals(old.cron()) && zone.equals(old.zone()) && enabled == old.enabled();
    Instant next =
        sameRule ? old.nextRunAt() : enabled ? rule.nextAfter(clock.instant()).orElse(null) : null;
    Schedule schedule =
        new Schedule(
            old.id(),
            or(draft.label(), old.label().isEmpty() ? name : old.label()),
            kind,
            name,
            or(draft.input(), old.input()),
            cron,
            zone,
            enabled,
            or(draft.overlap(), old.overlap()),
            or(draft.misfire(), old.misfire()),
            lateness,
            old.owner(),
            old.createdAt(),
            old.lastRunAt(),
            old.lastRun(),
            old.lastRunPublicId(),
            next);
    store.save(schedule);
    setAlarm(schedule);
    return schedule;
  }

  private static <T> T or(@Nullable T said, T otherwise) {
    return said == null ? otherwise : said;
  }

  private void setAlarm(Schedule schedule) {
    Instant next = schedule.nextRunAt();
    if (next == null) {
      alarms.cancel(schedule.id());
    } else {
      alarms.set(schedule.id(), next);
    }
  }

  @Override
  public ExecutionId runNow(String id) {
    return runNow(id, schedule -> target.start(schedule, null, null));
  }

  @Override
  public ExecutionId runNow(String id, Function<Schedule, ScheduleTarget.Started> start) {
    ScheduleTarget.Started run = start.apply(get(id));
    store.ran(id, run, clock.instant());
    return run.id();
  }

  @Override
  public boolean delete(String id) {
    boolean deleted = store.delete(id);
    alarms.cancel(id);
    return deleted;
  }

  /**
   * Fires a schedule if it is due.
   *
   * @return when its alarm is to ring next; empty for never
   */
  public Optional<Instant> ring(String id) {
    Schedule schedule = store.find(id).orElse(null);
    Instant due = schedule == null ? null : schedule.nextRunAt();
    if (schedule == null || due == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (due.isAfter(now)) {
      return Optional.of(due);
    }
    Duration late = Duration.between(due, now);
    boolean wanted =
        late.compareTo(ON_TIME) <= 0
            || (schedule.misfire() == Schedule.Misfire.ONCE
                && late.compareTo(schedule.lateness()) <= 0);
    if (wanted) {
      fire(schedule, due);
    } else {
      log.warn("Schedule {} skips {}: it is {} late", id, due, late);
    }
    Optional<Instant> next =
        CronRule.parse(schedule.cron(), schedule.zone()).nextAfter(clock.instant());
    if (!store.advance(id, due, next.orElse(null))) {
      // The rule was changed while this rang: what it says now counts.
      return store.find(id).map(Schedule::nextRunAt);
    }
    return next;
  }

  private void fire(Schedule schedule, Instant due) {
    ExecutionId last = schedule.lastRun();
    boolean busy = last != null && target.isUnderWay(last);
    if (busy && schedule.overlap() == Schedule.Overlap.SKIP) {
      log.info("Schedule {} skips {}: its last run has not ended", schedule.id(), due);
      return;
    }
    ExecutionId after = busy && schedule.overlap() == Schedule.Overlap.QUEUE ? last : null;
    try {
      String key = schedule.id() + ":" + due;
      store.ran(schedule.id(), target.start(schedule, key, after), clock.instant());
    } catch (WindlassException e) {
      if (e.code() == ErrorCode.STORE_UNAVAILABLE || e.code() == ErrorCode.SHUTTING_DOWN) {
        throw e;
      }
      log.error("Schedule {} could not start its run: {}", schedule.id(), e.text());
    }
  }
}
