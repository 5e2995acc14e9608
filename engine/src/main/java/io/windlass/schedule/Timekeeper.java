package io.windlass.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.windlass.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's clockwork on db-scheduler: alarms by name, and the sign of life of each node, whose
 * end another node notices.
 */
public final class Timekeeper implements AutoCloseable {
  private static final TaskDescriptor<Void> ALARM = TaskDescriptor.of("alarm");
  private static final TaskDescriptor<Void> NODE = TaskDescriptor.of("node");
  private static final Logger log = LoggerFactory.getLogger(Timekeeper.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Database database;
  private final String node;
  private final boolean shared;
  private final InstantSource clock;
  private final Scheduler scheduler;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /**
   * What happens when.
   *
   * @param alarm rung at its time; returns when to ring again, empty for never
   * @param nodeDied told the name of a node that stopped giving signs of life
   * @param heartbeat how often a node gives a sign of life; four missed ones make it dead
   */
  public record Duties(
      Function<String, Optional<Instant>> alarm, Consumer<String> nodeDied, Duration heartbeat) {}

  public Timekeeper(Database database, String node, InstantSource clock, Duties duties) {
    this.database = database;
    this.node = node;
    this.shared = database.dialect().shared();
    this.clock = clock;
    CustomTask<Void> alarm =
        Tasks.custom(ALARM).execute((instance, _) -> ring(instance.getId(), duties));
    CustomTask<Void> life =
        Tasks.custom(NODE)
            .onDeadExecution((execution, ops) -> {
              duties.nodeDied().accept(execution.getExecution().taskInstance.getId());
              ops.stop();
            })
            .execute((instance, _) -> live(instance.getId()));
    var builder =
        Scheduler.create(database.dataSource(), alarm, life)
            .schedulerName(new SchedulerName.Fixed(node))
            // Told, not found out: that takes a connection, and goes on without one.
            .jdbcCustomization(
                shared
                    ? new PostgreSqlJdbcCustomization(false, false)
                    : new SqliteJdbcCustomization())
            .threads(4)
            .pollingInterval(POLL)
            .heartbeatInterval(duties.heartbeat())
            .missedHeartbeatsLimit(4)
            .shutdownMaxWait(Duration.ofSeconds(2))
            .enableImmediateExecution();
    this.scheduler =
        shared
            ? builder.pollUsingLockAndFetch(0.5, 2.0).build()
            : builder.pollUsingFetchAndLockOnExecute(0.5, 2.0).build();
  }

  private CompletionHandler<Void> ring(String name, Duties duties) {
    try {
      return duties
          .alarm()
          .apply(name)
          .<CompletionHandler<Void>>map(next -> (complete, ops) -> ops.reschedule(complete, next))
          .orElseGet(CompletionHandler.OnCompleteRemove::new);
    } catch (RuntimeException e) {
      log.error("Alarm {} failed; it rings again in {}", name, TRY_AGAIN, e);
      Instant later = clock.instant().plus(TRY_AGAIN);
      return (complete, ops) -> ops.reschedule(complete, later);
    }
  }

  /** A node's sign of life runs as long as the node does; somebody else's is left to its owner. */
  private CompletionHandler<Void> live(String name) {
    if (!name.equals(node)) {
      Instant soon = clock.instant().plus(POLL);
      return (complete, ops) -> ops.reschedule(complete, soon);
    }
    try {
      stopping.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new CompletionHandler.OnCompleteRemove<>();
  }

  public void start() {
    // What this node had picked before it was killed is free again: nobody else bears its name.
    database.write(handle ->
        handle
            .createUpdate(
                """
                UPDATE scheduled_tasks SET picked = :free, picked_by = NULL
                WHERE picked = :taken AND picked_by = :node\
                """)
            .bind("free", false)
            .bind("taken", true)
            .bind("node", node)
            .execute());
    scheduler.start();
    if (shared) {
      scheduler.scheduleIfNotExists(NODE.instance(node).scheduledTo(Instant.now()));
    }
  }

  /** Sets an alarm, or moves it. */
  public void setAlarm(String name, Instant at) {
    scheduler.schedule(
        ALARM.instance(name).scheduledTo(at),
        SchedulerClient.ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
  }

  public void cancelAlarm(String name) {
    var instance = ALARM.instanceId(name);
    if (scheduler.getScheduledExecution(instance).isPresent()) {
      scheduler.cancel(instance);
    }
  }

  @Override
  public void close() {
    stopping.countDown();
    scheduler.stop();
  }
}
