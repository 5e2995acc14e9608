package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.kernel.WindlassException;
import io.windlass.schedule.CronSchedules;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleDraft;
import io.windlass.schedule.ScheduleTarget;
import io.windlass.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What schedules promise, by a clock that the test moves, on every database. */
abstract class ScheduleContract {
  @TempDir Path folder;
  private Instant now = Instant.parse("2026-03-01T07:59:30Z");
  private final List<String> started = new ArrayList<>();
  private final Map<String, ScheduleTarget.Started> byKey = new HashMap<>();
  private final Set<ExecutionId> underWay = new HashSet<>();
  private final List<@Nullable ExecutionId> after = new ArrayList<>();
  private final Map<String, Instant> alarms = new HashMap<>();
  private final TimeOrderedIds ids = new TimeOrderedIds(() -> now, RandomGenerator.getDefault());
  private Database database;
  private CronSchedules schedules;

  abstract Database open(Path folder);

  @BeforeEach
  void open() {
    database = open(folder);
    schedules = new CronSchedules(database, target(), alarms(), () -> now, ids);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private CronSchedules.Alarms alarms() {
    return new CronSchedules.Alarms() {
      @Override
      public void set(String name, Instant at) {
        alarms.put(name, at);
      }

      @Override
      public void cancel(String name) {
        alarms.remove(name);
      }
    };
  }

  private ScheduleTarget target() {
    return new ScheduleTarget() {
      @Override
      public Started start(Schedule schedule, @Nullable String key, @Nullable ExecutionId behind) {
        if (key != null && byKey.containsKey(key)) {
          return byKey.get(key);
        }
        Started run = new Started(new ExecutionId(ids.next()), "run" + started.size());
        started.add(String.valueOf(key));
        after.add(behind);
        underWay.add(run.id());
        if (key != null) {
          byKey.put(key, run);
        }
        return run;
      }

      @Override
      public boolean isUnderWay(ExecutionId id) {
        return underWay.contains(id);
      }

      @Override
      public void mustTake(String kind, String name, ObjectNode input) {
        mustExist(kind, name);
      }

      @Override
      public void mustExist(String kind, String name) {
        if (!name.equals("briefing")) {
          throw new WindlassException(
              ErrorCode.DEFINITION_NOT_FOUND, "There is no " + kind + " " + name);
        }
      }
    };
  }

  private Schedule create(
      String cron, Schedule.@Nullable Overlap overlap, Schedule.@Nullable Misfire misfire) {
    return schedules.create(
        new ScheduleDraft(
            null,
            "chain",
            "briefing",
            Json.object().put("topic", "x"),
            cron,
            ZoneOffset.UTC,
            null,
            overlap,
            misfire,
            Duration.ofHours(2)),
        "me");
  }

  private Instant at(String time) {
    now = Instant.parse(time);
    return now;
  }

  @Test
  void firesAtItsTime_once_andSetsTheNextAlarm() {
    Schedule schedule = create("0 8 * * *", null, null);
    assertThat(schedule.id()).startsWith("sched_");
    assertThat(schedule.label()).isEqualTo("briefing");
    assertThat(schedule.nextRunAt()).isEqualTo(Instant.parse("2026-03-01T08:00:00Z"));
    assertThat(alarms).containsEntry(schedule.id(), Instant.parse("2026-03-01T08:00:00Z"));
    assertThat(schedules.ring(schedule.id())).contains(Instant.parse("2026-03-01T08:00:00Z"));
    assertThat(started).isEmpty();
    at("2026-03-01T08:00:01Z");
    assertThat(schedules.ring(schedule.id())).contains(Instant.parse("2026-03-02T08:00:00Z"));
    assertThat(schedules.ring(schedule.id())).contains(Instant.parse("2026-03-02T08:00:00Z"));
    assertThat(started).hasSize(1);
    Schedule ran = schedules.find(schedule.id()).orElseThrow();
    assertThat(ran.lastRunPublicId()).isEqualTo("run0");
    assertThat(ran.lastRunAt()).isEqualTo(now);
  }

  @Test
  void doesNotFireADueTimeTwice_whenItIsStoppedBeforeItMovesOn() {
    Schedule schedule = create("0 8 * * *", Schedule.Overlap.ALLOW, null);
    at("2026-03-01T08:00:01Z");
    schedules.ring(schedule.id());
    // As if the row had never moved on: the due time still names the run.
    database.write(handle ->
        handle.execute(
            "UPDATE schedule SET next_run_at = "
                + Instant.parse("2026-03-01T08:00:00Z").toEpochMilli()));
    schedules.ring(schedule.id());
    assertThat(started).hasSize(1);
  }

  @Test
  void skipsOrCatchesUpWithWhatItMissed() {
    Schedule skipping = create("0 8 * * *", null, Schedule.Misfire.SKIP);
    Schedule catching = create("0 8 * * *", null, Schedule.Misfire.ONCE);
    at("2026-03-01T09:30:00Z");
    schedules.ring(skipping.id());
    assertThat(started).isEmpty();
    schedules.ring(catching.id());
    assertThat(started).hasSize(1);
    at("2026-03-05T11:00:00Z");
    schedules.ring(catching.id());
    assertThat(started).as("later than its lateness bound").hasSize(1);
    assertThat(schedules.find(catching.id()).orElseThrow().nextRunAt())
        .isEqualTo(Instant.parse("2026-03-06T08:00:00Z"));
  }

  @Test
  void heedsItsLastRunAsTheOverlapRuleSays() {
    Schedule skip = create("* * * * *", Schedule.Overlap.SKIP, null);
    Schedule queue = create("* * * * *", Schedule.Overlap.QUEUE, null);
    Schedule allow = create("* * * * *", Schedule.Overlap.ALLOW, null);
    for (Schedule schedule : List.of(skip, queue, allow)) {
      started.clear();
      after.clear();
      at("2026-03-01T08:00:01Z");
      schedules.ring(schedule.id());
      ExecutionId first = schedules.find(schedule.id()).orElseThrow().lastRun();
      at("2026-03-01T08:01:01Z");
      schedules.ring(schedule.id());
      switch (schedule.overlap()) {
        case SKIP -> assertThat(started).hasSize(1);
        case QUEUE -> assertThat(after).containsExactly(null, first);
        case ALLOW -> assertThat(after).containsExactly(null, null);
      }
    }
  }

  @Test
  void findsTheNextTimeAtAnyDistance_inItsZone() {
    assertThat(create("0 0 29 2 *", null, null).nextRunAt())
        .isEqualTo(Instant.parse("2028-02-29T00:00:00Z"));
    Schedule berlin =
        schedules.create(
            new ScheduleDraft(
                "b",
                "chain",
                "briefing",
                null,
                "0 8 * * *",
                ZoneId.of("Europe/Berlin"),
                null,
                null,
                null,
                null),
            "me");
    assertThat(berlin.nextRunAt()).isEqualTo(Instant.parse("2026-03-02T07:00:00Z"));
    assertThatThrownBy(() -> create("0 0 31 2 *", null, null))
        .hasMessageContaining("0 0 31 2 *")
        .hasMessageContaining("never due");
  }

  @Test
  void refusesWhatCannotRun_namingIt() {
    assertThatThrownBy(() -> create("61 8 * * *", null, null))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SCHEDULE);
              assertThat(e.text()).contains("61 8 * * *");
            });
    assertThatThrownBy(() -> create("0 0 8 * * *", null, null))
        .isInstanceOf(WindlassException.class);
    assertThatThrownBy(() ->
            schedules.create(
                new ScheduleDraft(
                    null, "chain", "nothing", null, "* * * * *", null, null, null, null, null),
                "me"))
        .hasMessageContaining("nothing");
  }

  @Test
  void isSilentWhileDisabled_andRunsWhenTold() {
    Schedule schedule = create("* * * * *", null, null);
    Schedule off = schedules.toggle(schedule.id());
    assertThat(off.enabled()).isFalse();
    assertThat(off.nextRunAt()).isNull();
    assertThat(alarms).doesNotContainKey(schedule.id());
    assertThat(schedules.ring(schedule.id())).isEqualTo(Optional.empty());
    schedules.runNow(schedule.id());
    assertThat(started).containsExactly("null");
    assertThat(schedules.delete(schedule.id())).isTrue();
    assertThat(schedules.delete(schedule.id())).isFalse();
  }
}
