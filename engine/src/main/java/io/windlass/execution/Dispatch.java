package io.windlass.execution;

import io.windlass.approval.Approval;
import io.windlass.approval.Decision;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The house that this node's runners live in: what they need, and what follows from their ends. */
final class Dispatch implements RunnerPort {
  private static final Duration FLUSH_EVERY = Duration.ofMillis(250);

  private final EngineNode node;
  private final ExecutionStore store;
  private final ExecutionObserver observer;
  private final Admission admission = new Admission();
  private final RunningHere running = new RunningHere();
  private final OutputFlusher flusher = new OutputFlusher();
  private final ScheduledThreadPoolExecutor timers;
  private final EndWaiters waiters;
  private final Starter starter;
  private final Takeover takeover;
  private final Cancelling cancelling;
  private final Stopping stopping;

  Dispatch(EngineNode node, ExecutionStore store, ExecutionObserver observer) {
    this.node = node;
    this.store = store;
    this.observer = observer;
    this.waiters = new EndWaiters(store, running);
    IdleEnding idle = new IdleEnding(node, this);
    this.starter = new Starter(node, running, admission, observer, this);
    this.takeover = new Takeover(node, store, running, admission, idle, observer, this);
    this.cancelling = new Cancelling(node, store, running, idle, observer);
    this.stopping = new Stopping(node, store, running, takeover, cancelling);
    this.timers =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("timers").daemon().factory());
    timers.setRemoveOnCancelPolicy(true);
    timers.scheduleWithFixedDelay(
        flusher::tick, FLUSH_EVERY.toMillis(), FLUSH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  RunningHere running() {
    return running;
  }

  EndWaiters waiters() {
    return waiters;
  }

  Starter starter() {
    return starter;
  }

  Takeover takeover() {
    return takeover;
  }

  Cancelling cancelling() {
    return cancelling;
  }

  Stopping stopping() {
    return stopping;
  }

  /** Looks for what is due in the database and nobody told this node of. */
  void sweep() {
    takeover.sweep();
    cancelling.heedRequests();
    stopping.passOnAgain();
    cancelling.cancelStrays();
  }

  /** Begins nothing more, gives running steps time, lets the rest go. */
  void drain(Duration atMost) {
    try {
      running.drain(atMost);
      if (node.database().dialect().shared()) {
        new ClaimStore(node.database()).release(node.name());
      }
    } finally {
      timers.shutdownNow();
    }
  }

  /** Stops at once and lets nothing go, as a killed process does. */
  void abandon() {
    running.abandon();
    timers.shutdownNow();
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
    if (draining() != null) {
      return CompletableFuture.completedFuture(null);
    }
    return timers.schedule(action, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
  }

  @Override
  public Execution child(Execution parent, int depth, String key, ChildRequest request)
      throws InterruptedException {
    Optional<StoredExecution> known = store.findChild(parent.id(), key);
    if (known.isEmpty()) {
      Runner runner = running.runner(parent.id());
      // What its parent counted for goes on in it while the parent waits.
      return starter.startChild(
          parent, depth, key, request, runner == null ? null : runner.admission());
    }
    StoredExecution stored = known.get();
    ExecutionStatus status = stored.execution().status();
    if (status == ExecutionStatus.FAILED || status == ExecutionStatus.CANCELLED) {
      takeover.takeUp(stored, "its parent was resumed", true);
    }
    return stored.execution();
  }

  @Override
  public Optional<Execution> childUnderWay(Execution parent, String key) {
    return store
        .findChild(parent.id(), key)
        .map(StoredExecution::execution)
        .filter(child -> !child.status().isFinal() || child.status() == ExecutionStatus.SUCCEEDED);
  }

  @Override
  public void stop(List<ExecutionId> children, String by) {
    Thread.startVirtualThread(() -> stopping.passOn(children, by));
  }

  @Override
  public Optional<ChildResult> childResult(ExecutionId child) {
    // The row alone tells: its end and its parent's wake-up are of one transaction.
    return store
        .find(child)
        .map(StoredExecution::execution)
        .filter(execution -> execution.status().isFinal())
        .map(e ->
            new ChildResult(
                e.id(),
                e.publicId(),
                e.status() == ExecutionStatus.SUCCEEDED,
                e.result() == null ? Json.text("") : e.result(),
                e.status() == ExecutionStatus.CANCELLED ? ChildResult.CANCELLED : e.error(),
                e.usage().isNone() ? null : e.usage()));
  }

  @Override
  public void giveUp(List<ExecutionId> children) {
    if (!children.isEmpty()) {
      Thread.startVirtualThread(() -> cancelling.cancelChildren(children));
    }
  }

  @Override
  public Optional<Decision> decision(UUID approval) {
    return node.approvals().find(approval).map(Approval::decision);
  }

  @Override
  public void clearWake(ExecutionId execution) {
    takeover.clearWake(execution);
  }

  @Override
  public void ended(Execution execution, ExecutionStatus status, List<ExecutionId> children) {
    running.removeEnded(execution);
    observer.moved(
        execution.ended(status, node.clock().instant()), ExecutionStatus.RUNNING, status);
    waiters.ended(execution.id());
    // Before whoever cancelled it is told that it is over: nothing of it goes on then.
    cancelling.cancelChildren(children);
    ExecutionId parent = execution.parent();
    boolean mayHaveQueue = execution.origin().equals(Ending.BY_SCHEDULE);
    if (parent != null || mayHaveQueue) {
      Thread.startVirtualThread(() -> {
        if (parent != null) {
          takeover.wake(parent);
        }
        if (mayHaveQueue) {
          sweep();
        }
      });
    }
  }

  @Override
  public void left(Runner runner, boolean parked) {
    running.remove(runner);
    admission.leave(runner.admission());
    if (parked) {
      observer.moved(runner.execution(), ExecutionStatus.RUNNING, ExecutionStatus.WAITING);
    }
    if (draining() == null && !runner.ended()) {
      takeover.afterLeaving(runner);
    }
  }

  @Override
  public @Nullable String draining() {
    return running.draining();
  }
}
