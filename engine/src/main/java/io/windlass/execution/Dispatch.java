package io.windlass.execution;

import io.windlass.approval.Approval;
import io.windlass.approval.Decision;
import io.windlass.definition.Flow;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which executions run on this node: begins them, takes them over, wakes them, lets them go. */
final class Dispatch implements RunnerPort {
  private static final Logger log = LoggerFactory.getLogger(Dispatch.class);
  private static final Duration FLUSH_EVERY = Duration.ofMillis(250);
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);
  private static final int AT_ONCE = 500;

  private final EngineNode node;
  private final ExecutionStore store;
  private final Starter starter;
  private final Admission admission;
  private final ExecutionObserver observer;
  private final ConcurrentHashMap<ExecutionId, Runner> running = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ExecutionId, Set<CompletableFuture<Void>>> endWaiters =
      new ConcurrentHashMap<>();
  private final OutputFlusher flusher = new OutputFlusher();
  private final ScheduledThreadPoolExecutor timers;
  private volatile @Nullable String draining;

  /** Whether an execution may stand as running here that nobody runs. */
  private volatile boolean orphans;

  Dispatch(EngineNode node, ExecutionStore store, Admission admission, ExecutionObserver observer) {
    this.node = node;
    this.store = store;
    this.admission = admission;
    this.observer = observer;
    this.starter = new Starter(node, this, admission);
    this.timers =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("timers").daemon().factory());
    timers.setRemoveOnCancelPolicy(true);
    timers.scheduleWithFixedDelay(
        flusher::tick, FLUSH_EVERY.toMillis(), FLUSH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  Starter starter() {
    return starter;
  }

  String nodeName() {
    return node.name();
  }

  int running(Set<String> kinds) {
    return (int)
        running.values().stream()
            .filter(runner -> kinds.isEmpty() || kinds.contains(runner.execution().kind()))
            .count();
  }

  boolean runsHere(ExecutionId id) {
    return running.containsKey(id);
  }

  /** Knows a new execution from before its row is there, so that no look for orphans takes it. */
  void expect(Runner runner) {
    running.put(runner.execution().id(), runner);
  }

  /** Forgets an execution that was expected and was not accepted. */
  void forget(Runner runner) {
    running.remove(runner.execution().id(), runner);
  }

  /** Lets a new execution run, whose beginning is durable. */
  void launch(Runner runner, Runner.Changes begun) {
    Execution execution = runner.execution();
    observer.moved(execution, execution.status(), execution.status());
    runner.start(begun, true);
  }

  Flow flow(Execution execution) {
    return node.definitions()
        .flow(
            node.definitions()
                .version(execution.versionId())
                .orElseThrow(() ->
                    new WindlassException(
                        ErrorCode.DEFINITION_NOT_FOUND,
                        "The pinned version of \"%s\" is gone.".formatted(execution.name()))));
  }

  /**
   * Takes an execution over and goes on with it.
   *
   * @return whether it was there to be taken
   */
  boolean takeUp(ExecutionStore.Stored stored, String reason, boolean reset) {
    Execution before = stored.execution();
    if (draining != null || runsHere(before.id())) {
      return false;
    }
    Optional<ExecutionStore.Stored> taken =
        store.take(before.id(), before.epoch(), before.status(), node.name());
    if (taken.isEmpty()) {
      return false;
    }
    Execution execution = taken.get().execution();
    observer.moved(execution, before.status(), execution.status());
    try {
      List<Entry> entries = node.journal().reader().all(execution.id());
      Flow flow = flow(execution);
      Progress progress = new Progress(flow);
      entries.forEach(entry -> progress.apply(entry.event(), entry.at()));
      ExecutionLog journal =
          node.journal().log(execution.id(), execution.epoch(), entries.getLast().number());
      Runner runner =
          new Runner(execution, stored.depth(), flow, progress, journal, this, stored.admission());
      admission.reenter(stored.admission());
      running.put(execution.id(), runner);
      runner.start(
          runner.goOn(new Event.ExecutionTaken(execution.epoch(), node.name(), reason, reset)),
          false);
    } catch (WindlassException e) {
      if (e.code() == ErrorCode.STORE_UNAVAILABLE) {
        orphans = true;
        throw e;
      }
      log.error("Execution {} cannot go on", execution.id(), e);
      starter.failUnrunnable(execution, e.text());
    }
    return true;
  }

  /** Something that the execution waits for has come. */
  void wake(ExecutionId id) {
    Runner runner = running.get(id);
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
    for (ExecutionStore.Stored stored : store.ownedBy(deadNode)) {
      if (takeUp(stored, "recovered from " + deadNode, false)) {
        taken++;
      }
    }
    return taken;
  }

  /** Looks for what is due in the database and nobody told this node of. */
  void sweep() {
    Instant now = node.clock().instant();
    for (ExecutionStore.Stored stored : store.due(now, node.name(), AT_ONCE)) {
      Execution execution = stored.execution();
      if (execution.status() == ExecutionStatus.RUNNING) {
        store.clearWake(execution.id());
      }
      wake(execution.id());
    }
    if (orphans) {
      orphans = false;
      recover(node.name());
    }
    store.unowned(AT_ONCE).forEach(stored -> takeUp(stored, "let go by its node", false));
    store.next(AT_ONCE).forEach(stored -> takeUp(stored, "its turn has come", false));
    for (ExecutionStore.CancelRequest request : store.toCancel(node.name())) {
      Runner runner = running.get(request.id());
      if (runner != null) {
        runner.cancel(request.by());
      }
    }
  }

  /**
   * Cancels, whoever runs it; returns when that is durable.
   *
   * @throws WindlassException WRONG_STATE when it has ended
   */
  void cancel(ExecutionId id, String by) throws InterruptedException {
    long deadline = System.nanoTime() + CANCEL_PATIENCE.toNanos();
    boolean asked = false;
    while (System.nanoTime() < deadline) {
      Runner runner = running.get(id);
      if (runner != null) {
        runner.cancel(by).join();
        // The runner may have parked or ended instead: the row tells.
        if (store.get(id).execution().status().isFinal()) {
          return;
        }
        continue;
      }
      Execution execution = store.get(id).execution();
      if (asked && execution.status() == ExecutionStatus.CANCELLED) {
        return;
      }
      if (execution.status().isFinal()) {
        throw WindlassException.wrongState(
            "Execution %s has ended already (%s)."
                .formatted(execution.publicId(), execution.status()));
      }
      if (execution.status() == ExecutionStatus.RUNNING) {
        store.askToCancel(id, by);
        asked = true;
        TimeUnit.MILLISECONDS.sleep(50);
      } else {
        Optional<ExecutionStore.Stored> taken =
            store.take(id, execution.epoch(), execution.status(), node.name());
        if (taken.isPresent()) {
          observer.moved(execution, execution.status(), ExecutionStatus.CANCELLED);
          starter.cancelParked(taken.get().execution(), by);
          return;
        }
      }
    }
    throw new WindlassException(
        ErrorCode.STORE_UNAVAILABLE,
        "The node that runs execution %s does not answer: it was asked to cancel.".formatted(id));
  }

  /** Completed when the execution's end is durable, if it ends on this node. */
  CompletableFuture<Void> onEnd(ExecutionId id) {
    CompletableFuture<Void> waiter = new CompletableFuture<>();
    endWaiters.computeIfAbsent(id, _ -> ConcurrentHashMap.newKeySet()).add(waiter);
    return waiter;
  }

  void forget(ExecutionId id, CompletableFuture<Void> waiter) {
    endWaiters.computeIfPresent(
        id,
        (_, waiters) -> {
          waiters.remove(waiter);
          return waiters.isEmpty() ? null : waiters;
        });
  }

  /** Begins nothing more, waits for running steps, then interrupts the rest. */
  void drain(Duration atMost) {
    draining = "The server is stopping: try again soon.";
    running.values().forEach(runner -> runner.drain(false));
    awaitNone(atMost);
    running.values().forEach(runner -> runner.drain(true));
    awaitNone(Duration.ofSeconds(3));
    if (node.database().dialect().shared()) {
      store.release(node.name());
    }
    timers.shutdownNow();
  }

  /** Stops at once and lets nothing go, as a killed process does. */
  void abandon() {
    draining = "The server was killed.";
    running.values().forEach(runner -> runner.drain(true));
    timers.shutdownNow();
  }

  private void awaitNone(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    try {
      while (!running.isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public InstantSource clock() {
    return node.clock();
  }

  @Override
  public UUID newId() {
    return node.ids().next();
  }

  @Override
  public double random() {
    return node.random().nextDouble();
  }

  @Override
  public OutputFlusher flusher() {
    return flusher;
  }

  @Override
  public Future<?> after(Duration delay, Runnable action) {
    if (draining != null) {
      return CompletableFuture.completedFuture(null);
    }
    return timers.schedule(action, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
  }

  @Override
  public Execution child(Execution parent, int depth, String key, ChildRequest request)
      throws InterruptedException {
    Optional<ExecutionStore.Stored> known = store.findChild(parent.id(), key);
    if (known.isEmpty()) {
      return starter.startChild(parent, depth, key, request);
    }
    ExecutionStore.Stored stored = known.get();
    ExecutionStatus status = stored.execution().status();
    if (status == ExecutionStatus.FAILED || status == ExecutionStatus.CANCELLED) {
      takeUp(stored, "its parent was resumed", true);
    }
    return stored.execution();
  }

  @Override
  public Optional<ChildResult> childResult(ExecutionId child) {
    // The row alone tells: its end and its parent's wake-up are of one transaction.
    return store
        .find(child)
        .map(ExecutionStore.Stored::execution)
        .filter(execution -> execution.status().isFinal())
        .map(e ->
            new ChildResult(
                e.id(),
                e.publicId(),
                e.status() == ExecutionStatus.SUCCEEDED,
                e.result() == null ? Json.text("") : e.result(),
                e.error()));
  }

  @Override
  public Optional<Decision> decision(UUID approval) {
    return node.approvals().find(approval).map(Approval::decision);
  }

  @Override
  public void ended(Execution execution, ExecutionStatus status, List<ExecutionId> children) {
    running.remove(execution.id());
    observer.moved(
        execution.ended(status, node.clock().instant()), ExecutionStatus.RUNNING, status);
    Set<CompletableFuture<Void>> waiters = endWaiters.remove(execution.id());
    if (waiters != null) {
      waiters.forEach(waiter -> waiter.complete(null));
    }
    ExecutionId parent = execution.parent();
    boolean cutShort = status != ExecutionStatus.SUCCEEDED && !children.isEmpty();
    boolean mayHaveQueue = execution.origin().equals(Ending.BY_SCHEDULE);
    if (parent != null || cutShort || mayHaveQueue) {
      Thread.startVirtualThread(() -> {
        if (cutShort) {
          children.forEach(child -> starter.cancelIfUnderWay(child, "its parent"));
        }
        if (parent != null) {
          wake(parent);
        }
        if (mayHaveQueue) {
          sweep();
        }
      });
    }
  }

  @Override
  public void left(Runner runner, boolean parked) {
    Execution execution = runner.execution();
    running.remove(execution.id(), runner);
    admission.leave(runner.admission());
    if (parked) {
      observer.moved(execution, ExecutionStatus.RUNNING, ExecutionStatus.WAITING);
    }
    if (draining != null) {
      return;
    }
    if (runner.ended()) {
      return;
    }
    try {
      // What came between the last look and the leaving was told to a runner that heard no more.
      store
          .find(execution.id())
          .filter(stored -> isLeftBehind(stored, runner))
          .ifPresent(stored -> takeUp(stored, "woken", false));
    } catch (WindlassException e) {
      orphans = true;
      log.warn("Execution {} waits for the database: {}", execution.id(), e.text());
    }
  }

  private boolean isLeftBehind(ExecutionStore.Stored stored, Runner runner) {
    Execution now = stored.execution();
    return switch (now.status()) {
      case WAITING -> stored.wakeAt() != null && !stored.wakeAt().isAfter(node.clock().instant());
      case RUNNING -> now.epoch() == runner.epoch() && node.name().equals(now.node());
      case QUEUED, SUCCEEDED, FAILED, CANCELLED -> false;
    };
  }

  @Override
  public @Nullable String draining() {
    return draining;
  }
}
