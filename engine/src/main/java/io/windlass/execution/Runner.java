package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.definition.Retry;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.WindlassException;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.store.RowWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Execution execution;
  private final int depth;
  private final Flow flow;
  private final Progress progress;
  private final ExecutionLog journal;
  private final RunnerPort port;
  private final Waits waits;
  private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final Map<String, StepRun> active = new HashMap<>();
  private final Map<String, Future<?>> timers = new HashMap<>();
  private final Set<String> delayed = new HashSet<>();
  private final List<CompletableFuture<Void>> cancelWaiters = new ArrayList<>();
  private final @Nullable String admission;
  private boolean over;
  private boolean parked;
  private boolean ended;

  /** What can happen to a runner. */
  private sealed interface Message {
    record Ended(StepRun run, StepOutcome outcome) implements Message {}

    record TimedOut(StepRun run, Duration after) implements Message {}

    record Abandon(StepRun run) implements Message {}

    record RetryNow(String step) implements Message {}

    record Wake() implements Message {}

    record RunTimedOut() implements Message {}

    record Cancel(String by, CompletableFuture<Void> done) implements Message {}

    record Drain(boolean now) implements Message {}
  }

  Runner(
      Execution execution,
      int depth,
      Flow flow,
      Progress progress,
      ExecutionLog journal,
      RunnerPort port,
      @Nullable String admission) {
    this.execution = execution;
    this.depth = depth;
    this.flow = flow;
    this.progress = progress;
    this.journal = journal;
    this.port = port;
    this.admission = admission;
    this.waits = new Waits(execution, depth, progress, port);
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
    Changes changes = new Changes();
    emit(changes, started);
    seeds.forEach(seed -> emit(changes, seed));
    advance(changes);
    return changes;
  }

  /** Runs a new execution whose {@link #begin} is durable, or goes on with a taken one. */
  void start(Changes first, boolean durable) {
    Thread.ofVirtual().name(execution.publicId()).start(() -> run(first, durable));
  }

  /** The events that an execution taken over goes on with. */
  Changes goOn(Event.ExecutionTaken taken) {
    Changes changes = new Changes();
    emit(changes, taken);
    for (NodeProgress node : progress.all()) {
      if (node.status == StepStatus.RUNNING) {
        waits.settleInterrupted(node, changes, this::emit);
      }
    }
    waits.takeAnswers(changes, this::emit);
    return changes;
  }

  void wake() {
    mailbox.add(new Message.Wake());
  }

  CompletableFuture<Void> cancel(String by) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    mailbox.add(new Message.Cancel(by, done));
    return done;
  }

  /** Lets running steps end and begins no more; with {@code now}, interrupts them too. */
  void drain(boolean now) {
    mailbox.add(new Message.Drain(now));
  }

  private void run(Changes first, boolean durable) {
    try {
      if (flow.timeout() != null) {
        timers.put("", port.after(flow.timeout(), () -> mailbox.add(new Message.RunTimedOut())));
      }
      if (!durable) {
        advance(first);
        write(first);
      }
      proceed(first);
      while (!over) {
        Changes changes = new Changes();
        handle(mailbox.take(), changes);
        for (Message more = next(changes); more != null; more = next(changes)) {
          handle(more, changes);
        }
        if (!over) {
          advance(changes);
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
  private @Nullable Message next(Changes changes) {
    return over || changes.ended() ? null : mailbox.poll();
  }

  /** A bug while advancing must not leave an execution that runs for ever. */
  private void failForBug(RuntimeException e) {
    try {
      stopAll("internal error");
      Changes changes = new Changes();
      end(changes, new Event.ExecutionFailed("Internal error: " + e));
      write(changes);
      port.ended(execution, progress.status(), progress.children());
    } catch (RuntimeException | InterruptedException again) {
      log.error("Execution {} could not be failed", execution.id(), again);
    }
  }

  private void leave() {
    over = true;
    timers.values().forEach(timer -> timer.cancel(false));
    stopAll("the execution has ended");
    active.values().forEach(StepRun::close);
    port.left(this, parked);
    cancelWaiters.forEach(waiter -> waiter.complete(null));
    for (Message message : mailbox) {
      if (message instanceof Message.Cancel(_, CompletableFuture<Void> done)) {
        done.complete(null);
      }
    }
  }

  private void write(Changes changes) throws InterruptedException {
    if (!changes.events().isEmpty()) {
      journal.append(changes.events(), changes.writes()).await();
    }
  }

  /** After the commit: begins what may begin, or lets go of what has ended. */
  private void proceed(Changes changes) {
    if (changes.ended()) {
      over = true;
      ended = true;
      port.ended(execution, progress.status(), progress.children());
    } else if (changes.parked()) {
      over = true;
      parked = true;
    } else if (port.draining() == null) {
      for (NodeProgress node : progress.takeRunnable()) {
        spawn(node);
      }
    } else if (active.isEmpty()) {
      over = true;
    }
  }

  private void spawn(NodeProgress node) {
    StepRun run =
        new StepRun(
            execution, depth, node, progress.state(), journal, port.clock(), port.flusher());
    String step = node.node.id();
    active.put(step, run);
    Duration timeout = node.node.timeout();
    if (timeout != null) {
      timers.put(step, port.after(timeout, () -> mailbox.add(new Message.TimedOut(run, timeout))));
    }
    run.start(outcome -> mailbox.add(new Message.Ended(run, outcome)));
  }

  private void handle(Message message, Changes changes) {
    switch (message) {
      case Message.Ended(StepRun run, StepOutcome outcome) -> {
        String step = run.progress().node.id();
        if (active.get(step) == run) {
          active.remove(step);
          cancelTimer(step);
          // Whatever a step says after it was told to stop, it did not run to its end.
          outcome(
              run,
              run.stopReason() == null ? outcome : new StepOutcome.Failed("Interrupted", true),
              changes);
        }
      }
      case Message.TimedOut(StepRun run, Duration after) -> {
        if (active.get(run.progress().node.id()) == run) {
          run.noteTimeout();
          stop(run, "Timed out after " + after.toMillis() + " ms");
        }
      }
      case Message.Abandon(StepRun run) -> {
        String step = run.progress().node.id();
        if (active.get(step) == run) {
          log.warn("Step {} of {} ignores its interruption", step, execution.id());
          active.remove(step);
          run.close();
          outcome(run, new StepOutcome.Failed("Interrupted", true), changes);
        }
      }
      case Message.RetryNow(String step) -> {
        delayed.remove(step);
        if (progress.failure() == null) {
          spawn(progress.node(step));
        }
      }
      case Message.Wake _ -> waits.takeAnswers(changes, this::emit);
      case Message.RunTimedOut _ -> {
        stopAll("the execution timed out");
        end(changes, new Event.ExecutionFailed("Timed out after " + flow.timeout()));
      }
      case Message.Cancel(String by, CompletableFuture<Void> done) -> {
        cancelWaiters.add(done);
        if (!changes.ended()) {
          stopAll("cancelled by " + by);
          end(changes, new Event.ExecutionCancelled(by));
        }
      }
      case Message.Drain(boolean now) -> {
        if (now) {
          stopAll("the server is stopping");
          over = true;
        }
      }
    }
  }

  private void outcome(StepRun run, StepOutcome outcome, Changes changes) {
    NodeProgress node = run.progress();
    String step = node.node.id();
    switch (outcome) {
      case StepOutcome.Done done ->
          emit(
              changes,
              new Event.StepDone(
                  step,
                  node.visits,
                  node.attempt,
                  done.output(),
                  done.set().isEmpty() ? null : done.set(),
                  done.close().isEmpty() ? null : done.close(),
                  run.elapsedMs(),
                  used(run)));
      case StepOutcome.Skipped(String reason) ->
          emit(changes, new Event.StepSkipped(step, reason, false, false));
      case StepOutcome.Failed failed -> failed(run, failed, changes);
      case StepOutcome.Ask ask -> waits.ask(node, ask, changes, this::emit);
      case StepOutcome.RunChild child -> waits.runChild(node, child, changes, this::emit);
      case StepOutcome.Sleep sleep -> {
        waits.sleep(node, sleep, changes, this::emit);
        port.pause(
            Duration.between(port.clock().instant(), sleep.until()),
            () -> mailbox.add(new Message.Wake()));
      }
    }
  }

  private static @Nullable Usage used(StepRun run) {
    Usage usage = run.usage();
    return usage.isNone() ? null : usage;
  }

  private void failed(StepRun run, StepOutcome.Failed failed, Changes changes) {
    NodeProgress node = run.progress();
    String step = node.node.id();
    String stopped = run.stopReason();
    boolean cutShort = stopped != null && !run.timedOut();
    if (progress.failure() != null || cutShort) {
      // Cut short by somebody else's failure: it stays begun, and a resume runs it again.
      return;
    }
    String error = stopped != null ? stopped : failed.error();
    Retry retry = node.node.retry();
    if (failed.retryable() && node.attempt < retry.attempts()) {
      Duration delay = retry.delayAfter(node.attempt, port.random());
      emit(changes, new Event.StepRetried(step, node.attempt, error, delay.toMillis()));
      delayed.add(step);
      port.pause(delay, () -> mailbox.add(new Message.RetryNow(step)));
    } else {
      emit(changes, new Event.StepFailed(step, node.visits, error, run.elapsedMs(), used(run)));
    }
  }

  /** Emits everything that follows from where the execution stands now. */
  private void advance(Changes changes) {
    if (changes.ended()) {
      return;
    }
    beginReady(changes);
    if (progress.failure() != null) {
      stopAll("another step failed");
      if (active.isEmpty()) {
        end(changes, new Event.ExecutionFailed(progress.failure()));
      }
    } else if (active.isEmpty() && delayed.isEmpty() && !progress.canGoOn()) {
      if (progress.isWaiting() && !progress.endingEarly()) {
        park(changes);
      } else {
        succeed(changes);
      }
    }
  }

  private void beginReady(Changes changes) {
    while (progress.failure() == null && !progress.endingEarly()) {
      String closing = progress.nextClosing();
      if (closing != null) {
        emit(changes, new Event.StepSkipped(closing, "its branch was not chosen", false, true));
        continue;
      }
      String ready = progress.nextReady();
      if (ready == null || port.draining() != null) {
        return;
      }
      NodeProgress node = progress.node(ready);
      if (progress.totalVisits() >= flow.stepLimit()) {
        end(
            changes,
            new Event.ExecutionFailed(
                "The limit of %d steps was reached at step \"%s\": the flow does not come to an end."
                    .formatted(flow.stepLimit(), ready)));
        stopAll("the step limit was reached");
        return;
      }
      Event begun =
          switch (node.node.guard().check(progress.state())) {
            case Guard.Run _ -> {
              boolean again = node.visits > 0 && node.status == StepStatus.PENDING;
              yield new Event.StepStarted(
                  ready, again ? node.visits : node.visits + 1, node.node.label());
            }
            case Guard.Skip(String reason) -> new Event.StepSkipped(ready, reason, false, false);
            case Guard.End(String reason) -> new Event.StepSkipped(ready, reason, true, false);
          };
      emit(changes, begun);
      if (begun instanceof Event.StepStarted) {
        waits.settleInterrupted(node, changes, this::emit);
      }
    }
  }

  private void succeed(Changes changes) {
    try {
      end(changes, new Event.ExecutionSucceeded(flow.result().apply(progress.state())));
    } catch (WindlassException e) {
      end(changes, new Event.ExecutionFailed(e.text()));
    }
  }

  private void end(Changes changes, Event event) {
    Instant now = port.clock().instant();
    // What a stopped step still says must not come after the end.
    active.values().forEach(StepRun::close);
    emit(changes, event);
    changes.end(execution, journal.epoch(), progress, event, now);
  }

  private void park(Changes changes) {
    emit(changes, new Event.ExecutionWaiting());
    changes.park(
        ExecutionStore.park(
            execution.id(),
            journal.epoch(),
            progress.views(false),
            progress.usage(),
            waits.nextSleepEnd()));
  }

  private void emit(Changes changes, Event event) {
    changes.events().add(event);
    progress.apply(event, port.clock().instant());
  }

  private void stopAll(String reason) {
    List.copyOf(active.values()).forEach(run -> stop(run, reason));
  }

  private void stop(StepRun run, String reason) {
    if (run.stopReason() == null) {
      run.stop(reason);
      port.after(PATIENCE, () -> mailbox.add(new Message.Abandon(run)));
    }
  }

  private void cancelTimer(String step) {
    Future<?> timer = timers.remove(step);
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** Events that become durable together, with the rows that change with them. */
  static final class Changes {
    private final List<Event> events = new ArrayList<>();
    private final List<RowWrite> writes = new ArrayList<>();
    private boolean parked;
    private boolean ended;

    List<Event> events() {
      return events;
    }

    List<RowWrite> writes() {
      return writes;
    }

    boolean ended() {
      return ended;
    }

    boolean parked() {
      return parked;
    }

    private void park(RowWrite row) {
      writes.add(row);
      parked = true;
    }

    private void end(Execution execution, long epoch, Progress progress, Event event, Instant now) {
      ended = true;
      writes.addAll(Ending.writes(execution, epoch, progress, event, now));
    }
  }
}
