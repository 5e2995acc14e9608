package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes on with executions that nobody runs: woken, due, recovered, resumed, let go by others. */
final class Takeover {
  private static final Logger log = LoggerFactory.getLogger(Takeover.class);
  private static final int AT_ONCE = 500;

  /** How many sweeps, two a second, lie between two looks for executions that nobody runs. */
  private static final int BETWEEN_ORPHANS = 10;

  private final EngineNode node;
  private final ExecutionStore store;
  private final ClaimStore claims;
  private final RunningHere running;
  private final Admission admission;
  private final IdleEnding idle;
  private final ExecutionObserver observer;
  private final RunnerPort port;

  private final AtomicInteger sweeps = new AtomicInteger();

  /** Whether an execution may stand as running here that nobody runs. */
  private volatile boolean orphans;

  Takeover(
      EngineNode node,
      ExecutionStore store,
      RunningHere running,
      Admission admission,
      IdleEnding idle,
      ExecutionObserver observer,
      RunnerPort port) {
    this.node = node;
    this.store = store;
    this.claims = new ClaimStore(node.database());
    this.running = running;
    this.admission = admission;
    this.idle = idle;
    this.observer = observer;
    this.port = port;
  }

  /**
   * Takes an execution over and goes on with it.
   *
   * @return whether it was there to be taken
   */
  boolean takeUp(StoredExecution stored, String reason, boolean reset) {
    return takeUp(stored, reason, reset, null);
  }

  /**
   * The same for somebody whose starts have a limit.
   *
   * @throws WindlassException TOO_MANY_EXECUTIONS when its group is full
   */
  boolean takeUp(
      StoredExecution stored, String reason, boolean reset, @Nullable AdmissionLimit limit) {
    return takeUp(stored, reason, reset, limit, _ -> {});
  }

  /**
   * Takes a waiting execution over to let it begin nothing new; it waits on for what it waited for.
   *
   * @return whether that is durable
   */
  boolean takeUpAndStop(StoredExecution stored, String by) {
    AtomicReference<CompletableFuture<Boolean>> heard = new AtomicReference<>();
    takeUp(stored, "stopped by " + by, false, null, runner -> heard.set(runner.stop(by)));
    return heard.get() != null && heard.get().join();
  }

  /**
   * Takes up.
   *
   * @param first told the runner before it begins: what is said to it then comes before all else
   */
  private boolean takeUp(
      StoredExecution stored,
      String reason,
      boolean reset,
      @Nullable AdmissionLimit limit,
      Consumer<Runner> first) {
    Execution before = stored.execution();
    if (running.draining() != null || isHeldHere(before)) {
      return false;
    }
    if (limit != null) {
      admission.enter(limit);
    }
    // The place that was entered is handed over to the runner, or given back.
    String group = limit == null ? null : limit.group();
    boolean runs = false;
    running.takeInHand(before.id());
    try {
      Optional<StoredExecution> taken =
          claims.take(before.id(), before.epoch(), before.status(), node.name());
      if (taken.isPresent()) {
        runs = goOn(taken.get(), before.status(), reason, reset, group, first);
      }
      return taken.isPresent();
    } finally {
      running.putDown(before.id());
      if (!runs) {
        admission.leave(group);
      }
    }
  }

  /**
   * Goes on with what was taken.
   *
   * @param entered the group whose place it has already; null when it is to enter its own
   * @return whether there is a runner, which leaves its group when it ends
   */
  private boolean goOn(
      StoredExecution taken,
      ExecutionStatus from,
      String reason,
      boolean reset,
      @Nullable String entered,
      Consumer<Runner> first) {
    Execution execution = taken.execution();
    boolean runs = false;
    observer.moved(execution, from, execution.status());
    try {
      List<Entry> entries = node.journal().reader().all(execution.id());
      Flow flow = node.flow(execution);
      Progress progress = Progress.of(flow, entries);
      ExecutionLog journal =
          node.journal().log(execution.id(), execution.epoch(), entries.getLast().number());
      String group = entered == null ? taken.admission() : entered;
      Runner runner = new Runner(execution, taken.depth(), flow, progress, journal, port, group);
      if (entered == null) {
        admission.reenter(group);
      }
      running.add(runner);
      runs = true;
      first.accept(runner);
      if (taken.cancelBy() != null) {
        Cancelling.heed(taken.cancelBy(), runner);
      }
      runner.start(
          runner.goOn(new Event.ExecutionTaken(execution.epoch(), node.name(), reason, reset)),
          false);
    } catch (WindlassException e) {
      if (e.code() == ErrorCode.STORE_UNAVAILABLE) {
        orphans = true;
        throw e;
      }
      log.error("Execution {} cannot go on", execution.id(), e);
      idle.fail(execution, e.text());
    }
    return runs;
  }

  /** Something that the execution waits for has come. */
  void wake(ExecutionId id) {
    Runner runner = running.runner(id);
    if (runner != null) {
      runner.wake();
      return;
    }
    store
        .find(id)
        .filter(stored ->
            stored.execution().status() == ExecutionStatus.WAITING
                || stored.execution().status() == ExecutionStatus.QUEUED)
        .ifPresent(stored -> takeUp(stored, "woken", false));
  }

  /** Takes back what another node, or this one before it was stopped, was running. */
  int recover(String deadNode) {
    int taken = 0;
    for (StoredExecution stored : claims.ownedBy(deadNode)) {
      if (!running.holds(stored.execution().id())
          && takeUp(stored, "recovered from " + deadNode, false)) {
        taken++;
      }
    }
    return taken;
  }

  /** Looks for what is due in the database and nobody told this node of. */
  void sweep() {
    Instant now = node.clock().instant();
    for (StoredExecution stored : claims.due(now, node.name(), AT_ONCE)) {
      ExecutionId id = stored.execution().id();
      Runner runner = running.runner(id);
      if (runner != null) {
        runner.due();
      } else {
        wake(id);
      }
    }
    if (orphans) {
      orphans = false;
      recover(node.name());
    }
    if (sweeps.incrementAndGet() % BETWEEN_ORPHANS == 0) {
      adopt();
    }
    claims.unowned(AT_ONCE).forEach(stored -> takeUp(stored, "let go by its node", false));
    claims.next(AT_ONCE).forEach(stored -> takeUp(stored, "its turn has come", false));
  }

  /**
   * Takes up what stands as running here and is not: a commit that was under way when this node was
   * killed can come through after it has started again.
   */
  private void adopt() {
    for (ExecutionId id : claims.idsOwnedBy(node.name())) {
      if (!running.holds(id)) {
        store
            .find(id)
            .filter(stored -> stored.execution().status() == ExecutionStatus.RUNNING)
            .filter(stored -> node.name().equals(stored.execution().node()))
            .ifPresent(stored -> takeUp(stored, "found running nowhere", false));
      }
    }
  }

  /** The one who runs it has heard of what came. */
  void clearWake(ExecutionId id) {
    claims.clearWake(id);
  }

  /** What came between a runner's last look and its leaving was told to one that heard no more. */
  void afterLeaving(Runner runner) {
    Execution execution = runner.execution();
    try {
      store
          .find(execution.id())
          .filter(stored -> isLeftBehind(stored, runner))
          .ifPresent(stored -> takeUp(stored, "woken", false));
    } catch (WindlassException e) {
      orphans = true;
      log.warn("Execution {} waits for the database: {}", execution.id(), e.text());
    }
  }

  private boolean isLeftBehind(StoredExecution stored, Runner runner) {
    Execution now = stored.execution();
    return switch (now.status()) {
      case WAITING -> stored.wakeAt() != null && !stored.wakeAt().isAfter(node.clock().instant());
      case RUNNING -> now.epoch() == runner.epoch() && node.name().equals(now.node());
      case QUEUED, SUCCEEDED, FAILED, CANCELLED -> false;
    };
  }

  /** A runner whose execution stands as ended is only about to leave, and holds it no more. */
  private boolean isHeldHere(Execution execution) {
    return !execution.status().isFinal() && running.runner(execution.id()) != null;
  }
}
