package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Advances one execution on one virtual thread: takes messages, turns them into events, makes the
 * events durable, begins what became ready. Ends when the execution ends, waits, or belongs to
 * another node.
 */
final class Runner {
  private static final Logger log = LoggerFactory.getLogger(Runner.class);
  private static final StepOutcome INTERRUPTED = new StepOutcome.Failed("Interrupted", true);

  private final Execution execution;
  private final Flow flow;
  private final Progress progress;
  private final ExecutionLog journal;
  private final RunnerPort port;
  private final @Nullable String admission;
  private final LinkedBlockingQueue<RunnerMessage> mailbox = new LinkedBlockingQueue<>();
  private final RunningSteps steps;
  private final Waits waits;
  private final Outcomes outcomes;
  private final Advance advance;
  private final List<CompletableFuture<Void>> cancelWaiters = new ArrayList<>();
  private final List<CompletableFuture<Boolean>> stopWaiters = new ArrayList<>();

  /** Children that were told to begin nothing new. */
  private final Set<ExecutionId> told = new HashSet<>();

  private @Nullable Future<?> deadline;
  private boolean over;

  /** Whether nobody takes from the mailbox any more: a message put in later must be answered. */
  private volatile boolean gone;

  private boolean parked;
  private boolean ended;

  Runner(
      Execution execution,
      int depth,
      Flow flow,
      Progress progress,
      ExecutionLog journal,
      RunnerPort port,
      @Nullable String admission) {
    this.execution = execution;
    this.flow = flow;
    this.progress = progress;
    this.journal = journal;
    this.port = port;
    this.admission = admission;
    this.steps = new RunningSteps(execution, depth, progress, journal, port, mailbox::add);
    this.waits = new Waits(execution, depth, progress, port);
    this.outcomes = new Outcomes(progress, waits, port, mailbox::add);
    this.advance = new Advance(execution, journal.epoch(), flow, progress, steps, waits, port);
  }

  Execution execution() {
    return execution;
  }

  long epoch() {
    return journal.epoch();
  }

  /** Whether the execution has durably ended under this runner. */
  boolean ended() {
    return ended;
  }

  /** The group that the running counts for; null for none. */
  @Nullable String admission() {
    return admission;
  }

  /**
   * The events that a new execution begins with, and the rows that change with them.
   *
   * @param seeds what it takes over from the execution that it repeats
   */
  Changes begin(Event.ExecutionStarted started, List<Event> seeds) {
    Changes changes = newChanges();
    changes.emit(started);
    seeds.forEach(changes::emit);
    advance.emit(changes, outcomes.anyDelayed());
    return changes;
  }

  /** Runs a new execution whose {@link #begin} is durable, or goes on with a taken one. */
  void start(Changes first, boolean durable) {
    Thread.ofVirtual().name(execution.publicId()).start(() -> run(first, durable));
  }

  /** The events that an execution taken over goes on with. */
  Changes goOn(Event.ExecutionTaken taken) {
    Changes changes = newChanges();
    changes.emit(taken);
    for (NodeProgress node : progress.all()) {
      if (node.status == StepStatus.RUNNING) {
        waits.settleInterrupted(node, changes);
      }
    }
    waits.takeAnswers(changes);
    return changes;
  }

  void wake() {
    mailbox.add(new RunnerMessage.Wake());
  }

  /** Something has come, and the row is marked for it. */
  void due() {
    mailbox.add(new RunnerMessage.Due());
  }

  /** Completed when the execution is cancelled, or has left for another reason. */
  CompletableFuture<Void> cancel(String by) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    mailbox.add(new RunnerMessage.Cancel(by, done));
    if (gone) {
      done.complete(null);
    }
    return done;
  }

  /** True once it is durable that nothing new begins; false when the execution left before. */
  CompletableFuture<Boolean> stop(String by) {
    CompletableFuture<Boolean> heard = new CompletableFuture<>();
    mailbox.add(new RunnerMessage.Stop(by, heard));
    if (gone) {
      heard.complete(false);
    }
    return heard;
  }

  /** Lets running steps end and begins no more; with {@code now}, interrupts them too. */
  void drain(boolean now) {
    mailbox.add(new RunnerMessage.Drain(now));
  }

  private void run(Changes first, boolean durable) {
    try {
      Duration atMost = flow.bounds(progress.state()).timeout();
      if (atMost != null) {
        deadline = port.after(atMost, () -> mailbox.add(new RunnerMessage.RunTimedOut(atMost)));
      }
      if (!durable) {
        // What was said to it before it began comes first: it may be to begin nothing.
        for (RunnerMessage said = next(first); said != null; said = next(first)) {
          handle(said, first);
        }
        advance.emit(first, outcomes.anyDelayed());
        write(first);
      }
      proceed(first);
      while (!over) {
        Changes changes = newChanges();
        handle(mailbox.take(), changes);
        for (RunnerMessage more = next(changes); more != null; more = next(changes)) {
          handle(more, changes);
        }
        if (!over) {
          advance.emit(changes, outcomes.anyDelayed());
          write(changes);
          proceed(changes);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (WindlassException e) {
      if (e.code().category() != ErrorCategory.INTERNAL) {
        log.info("Execution {} is left: {}", execution.id(), e.text());
      } else {
        log.error("Execution {} stopped advancing", execution.id(), e);
        failForBug(e);
      }
    } catch (RuntimeException e) {
      log.error("Execution {} stopped advancing", execution.id(), e);
      failForBug(e);
    } finally {
      leave();
    }
  }

  /** What has come meanwhile; nothing after an end, which {@link #leave} answers for. */
  private @Nullable RunnerMessage next(Changes changes) {
    return over || changes.ended() ? null : mailbox.poll();
  }

  /** A bug while advancing must not leave an execution that runs for ever. */
  private void failForBug(RuntimeException e) {
    try {
      steps.stopAll("internal error");
      Changes changes = newChanges();
      advance.end(changes, new Event.ExecutionFailed("Internal error: " + e));
      write(changes);
      port.ended(execution, progress.status(), progress.children());
    } catch (RuntimeException | InterruptedException again) {
      log.error("Execution {} could not be failed", execution.id(), again);
    }
  }

  private void leave() {
    over = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    steps.cancelTimers();
    steps.stopAll("the execution has ended");
    steps.closeAll();
    port.left(this, parked);
    gone = true;
    cancelWaiters.forEach(waiter -> waiter.complete(null));
    stopWaiters.forEach(waiter -> waiter.complete(false));
    for (RunnerMessage message : mailbox) {
      if (message instanceof RunnerMessage.Cancel(_, CompletableFuture<Void> done)) {
        done.complete(null);
      }
      if (message instanceof RunnerMessage.Stop(_, CompletableFuture<Boolean> heard)) {
        heard.complete(false);
      }
    }
  }

  private void write(Changes changes) throws InterruptedException {
    if (!changes.events().isEmpty()) {
      journal.append(changes.events(), changes.writes(), changes.at()).await();
    }
    stopWaiters.forEach(waiter -> waiter.complete(true));
    stopWaiters.clear();
  }

  /** After the commit: begins what may begin, or lets go of what has ended. */
  private void proceed(Changes changes) {
    port.giveUp(changes.givenUp());
    if (changes.ended()) {
      over = true;
      ended = true;
      port.ended(execution, progress.status(), progress.children());
    } else if (changes.parked()) {
      over = true;
      parked = true;
    } else if (port.draining() == null) {
      for (NodeProgress node : progress.takeRunnable()) {
        if (!outcomes.delaysOn(node)) {
          steps.begin(node);
        }
      }
      stopChildren();
    } else if (steps.isEmpty()) {
      over = true;
    }
  }

  /** What goes for a run that is to end goes for what it has started. */
  private void stopChildren() {
    StopRequest stop = progress.stopping();
    if (stop != null) {
      List<ExecutionId> children = progress.children();
      children.removeIf(child -> !told.add(child));
      if (!children.isEmpty()) {
        port.stop(children, stop.by());
      }
    }
  }

  private void handle(RunnerMessage message, Changes changes) {
    switch (message) {
      case RunnerMessage.Ended(StepRun run, StepOutcome outcome) -> {
        if (steps.ended(run)) {
          // Whatever a step says after it was told to stop, it did not run to its end.
          outcomes.settle(run, run.stopReason() == null ? outcome : INTERRUPTED, changes);
        }
      }
      case RunnerMessage.TimedOut(StepRun run, Duration after) -> steps.timedOut(run, after);
      case RunnerMessage.Abandon(StepRun run) -> {
        if (steps.abandon(run)) {
          outcomes.settle(run, INTERRUPTED, changes);
        }
      }
      case RunnerMessage.RetryNow(String step) -> {
        if (outcomes.delayOver(step)) {
          steps.begin(progress.node(step));
        }
      }
      case RunnerMessage.Wake _ -> waits.takeAnswers(changes);
      case RunnerMessage.Due _ -> {
        // First the mark, then the look: what comes later makes a new mark.
        port.clearWake(execution.id());
        waits.takeAnswers(changes);
      }
      case RunnerMessage.RunTimedOut(Duration after) -> {
        steps.stopAll("the execution timed out");
        advance.end(
            changes, new Event.ExecutionFailed("Timed out after " + after.toMillis() + " ms"));
      }
      case RunnerMessage.Cancel(String by, CompletableFuture<Void> done) -> {
        cancelWaiters.add(done);
        if (!changes.ended()) {
          steps.stopAll("cancelled by " + by);
          advance.end(changes, new Event.ExecutionCancelled(by));
        }
      }
      case RunnerMessage.Stop(String by, CompletableFuture<Boolean> heard) -> {
        stopWaiters.add(heard);
        if (!changes.ended() && progress.stopping() == null) {
          changes.stop(execution, by);
        }
      }
      case RunnerMessage.Drain(boolean now) -> {
        if (now) {
          steps.stopAll("the server is stopping");
          over = true;
        }
      }
    }
  }

  private Changes newChanges() {
    return new Changes(progress, port.clock());
  }
}
