package io.windlass.engine;

import io.windlass.approval.ApprovalStore;
import io.windlass.approval.Approvals;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.DefinitionStore;
import io.windlass.definition.Definitions;
import io.windlass.execution.EngineNode;
import io.windlass.execution.ExecutionFigures;
import io.windlass.execution.Executions;
import io.windlass.execution.History;
import io.windlass.execution.HistoryStore;
import io.windlass.execution.LocalExecutions;
import io.windlass.execution.Rehearsal;
import io.windlass.journal.Journal;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Ids;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.kernel.WindlassException;
import io.windlass.schedule.CronSchedules;
import io.windlass.schedule.Schedules;
import io.windlass.schedule.Timekeeper;
import io.windlass.store.Database;
import io.windlass.store.Databases;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running engine: opened once per process, closed once, and what surfaces talk to. */
public final class Engine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final Duration SWEEP = Duration.ofMillis(500);
  private static final int APPROVALS_AT_ONCE = 500;

  private final EngineConfig config;
  private final InstantSource clock;
  private final Home home;
  private final Database database;
  private final Journal journal;
  private final DefinitionStore definitions;
  private final ApprovalStore approvals;
  private final LocalExecutions executions;
  private final History history;
  private final CronSchedules schedules;
  private final Rehearsal rehearsal;
  private final Timekeeper timekeeper;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sweeper").daemon().factory());

  /**
   * Opens the store and migrates it.
   *
   * @throws io.windlass.kernel.WindlassException STORE_UNAVAILABLE when the home is in use by
   *     another server, or the database cannot be opened
   */
  public static Engine open(EngineConfig config, List<DefinitionKind> kinds) {
    return open(config, kinds, EngineObservers.NONE);
  }

  /** {@link #open(EngineConfig, List)} with somebody who is told what happens. */
  public static Engine open(
      EngineConfig config, List<DefinitionKind> kinds, EngineObservers observers) {
    return open(config, kinds, observers, Surroundings.REAL);
  }

  /**
   * What a test may put in the place of the real world.
   *
   * @param clock the time
   * @param heartbeat how often this node gives a sign of life; four missed ones make it dead
   * @param database opens the database from the SQLite file's path and the configured URL
   */
  record Surroundings(
      InstantSource clock,
      Duration heartbeat,
      BiFunction<Path, Optional<String>, Database> database) {
    static final Surroundings REAL =
        new Surroundings(
            InstantSource.system(),
            Duration.ofSeconds(5),
            (file, url) -> url.map(Databases::postgres).orElseGet(() -> Databases.sqlite(file)));
  }

  static Engine open(
      EngineConfig config,
      List<DefinitionKind> kinds,
      EngineObservers observers,
      Surroundings surroundings) {
    Home home = Home.open(config.home(), new SecureRandom());
    try {
      Database database =
          surroundings
              .database()
              .apply(home.databaseFile(), Optional.ofNullable(config.databaseUrl()));
      return new Engine(config, kinds, observers, surroundings, home, database);
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  private Engine(
      EngineConfig config,
      List<DefinitionKind> kinds,
      EngineObservers observers,
      Surroundings surroundings,
      Home home,
      Database database) {
    this.config = config;
    this.clock = surroundings.clock();
    this.home = home;
    this.database = database;
    RandomGenerator random = RandomGenerator.getDefault();
    Ids ids = new TimeOrderedIds(clock, new SecureRandom());
    this.journal = new Journal(home.node(), database, clock, observers.journal());
    this.definitions = new DefinitionStore(database, ids, clock, kinds);
    this.approvals = new ApprovalStore(database, clock, this::wake);
    this.executions =
        new LocalExecutions(
            new EngineNode(
                home.node(), database, journal, definitions, approvals, clock, ids, random),
            observers.executions());
    this.history = new HistoryStore(database);
    this.rehearsal = new Rehearsal(definitions, clock, Rehearsal.Limits.DEFAULT);
    this.schedules =
        new CronSchedules(
            database,
            new ScheduledStarts(executions, definitions),
            new CronSchedules.Alarms() {
              @Override
              public void set(String name, Instant at) {
                clockwork().setAlarm(name, at);
              }

              @Override
              public void cancel(String name) {
                clockwork().cancelAlarm(name);
              }
            },
            clock,
            ids);
    this.timekeeper =
        new Timekeeper(
            database,
            home.node(),
            clock,
            new Timekeeper.Duties(schedules::ring, this::takeOver, surroundings.heartbeat()));
  }

  private Timekeeper clockwork() {
    return timekeeper;
  }

  /** Begins to run, wake and schedule; until then the engine only answers. */
  public void start() {
    int recovered = executions.recover(home.node());
    if (recovered > 0) {
      log.info("{} interrupted executions go on.", recovered);
    }
    timekeeper.start();
    schedules.setAlarms();
    sweeper.scheduleWithFixedDelay(
        guarded(this::sweep), 0, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    sweeper.scheduleWithFixedDelay(guarded(this::retain), 1, 60, TimeUnit.MINUTES);
  }

  private void sweep() {
    approvals.expire(clock.instant(), APPROVALS_AT_ONCE);
    executions.sweep();
  }

  private void wake(io.windlass.kernel.ExecutionId id) {
    executions.wake(id);
  }

  /** Goes on with what a node was running that is thought dead. */
  void takeOver(String deadNode) {
    int taken = executions.recover(deadNode);
    log.warn("Node {} gives no sign of life; {} of its executions go on here.", deadNode, taken);
  }

  private void retain() {
    Duration retention = config.retention();
    if (retention == null) {
      return;
    }
    Instant before = clock.instant().minus(retention);
    int deleted;
    do {
      deleted = executions.deleteEndedBefore(before);
    } while (deleted > 0);
  }

  private Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        if (closed.get()) {
          log.debug("background work was cut short", e);
        } else {
          log.warn("Background work failed; it is tried again: {}", e.toString());
        }
      }
    };
  }

  public Executions executions() {
    return executions;
  }

  /** Figures over many executions. */
  public History history() {
    return history;
  }

  public Approvals approvals() {
    return approvals;
  }

  public Definitions definitions() {
    return definitions;
  }

  public Schedules schedules() {
    return schedules;
  }

  /** Runs definitions without keeping anything of it. */
  public Rehearsal rehearsal() {
    return rehearsal;
  }

  /** Counts of what the store holds. */
  public ExecutionFigures figures() {
    return new ExecutionFigures(database);
  }

  /** What tells this server from others on its machine; the same each time that it starts. */
  public String identity() {
    return home.identity();
  }

  /** For health and figures. */
  public Database database() {
    return database;
  }

  /**
   * Looks whether work can be recorded.
   *
   * @throws WindlassException STORE_UNAVAILABLE when the database cannot be written, when what runs
   *     waits for that, or when the home's disk is as good as full
   */
  public void checkWritable() {
    journal
        .trouble()
        .ifPresent(reason -> {
          throw new WindlassException(ErrorCode.STORE_UNAVAILABLE, reason);
        });
    database.checkWritable();
    home.checkRoom();
  }

  /** The name that other nodes know this one by. */
  String nodeName() {
    return home.node();
  }

  /** Stops without a word, as a killed process does: nothing is written, nothing is let go. */
  void crash() {
    sweeper.shutdownNow();
    executions.abandon();
    database.close();
    home.close();
    Thread.startVirtualThread(() -> {
      journal.close(Duration.ZERO);
      timekeeper.close();
    });
  }

  /**
   * Drains: running steps get the configured time, the rest goes on at the next start. A database
   * that has gone does not keep the rest from closing, and a second call does nothing.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    sweeper.shutdownNow();
    try {
      executions.drain(config.drain());
    } catch (WindlassException e) {
      log.warn("other nodes take over what ran here once this one counts as dead: {}", e.text());
    }
    timekeeper.close();
    journal.close();
    database.close();
    home.close();
  }
}
