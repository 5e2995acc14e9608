package io.windlass.execution;

import io.windlass.journal.ExecutionLog;
import io.windlass.step.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of one execution that run now: begins them, times them, stops them. */
final class RunningSteps {
  private static final Logger log = LoggerFactory.getLogger(RunningSteps.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Execution execution;
  private final int depth;
  private final Progress progress;
  private final ExecutionLog journal;
  private final RunnerPort port;
  private final Consumer<RunnerMessage> mailbox;
  private final Map<String, StepRun> active = new HashMap<>();
  private final Map<String, Future<?>> timers = new HashMap<>();

  RunningSteps(
      Execution execution,
      int depth,
      Progress progress,
      ExecutionLog journal,
      RunnerPort port,
      Consumer<RunnerMessage> mailbox) {
    this.execution = execution;
    this.depth = depth;
    this.progress = progress;
    this.journal = journal;
    this.port = port;
    this.mailbox = mailbox;
  }

  boolean isEmpty() {
    return active.isEmpty();
  }

  void begin(NodeProgress node) {
    StepRun run =
        new StepRun(
            execution,
            depth,
            node,
            seen(node),
            progress.heard(),
            journal,
            port.clock(),
            port.flusher());
    String step = node.node.id();
    active.put(step, run);
    Duration timeout = node.node.limits(progress.state()).timeout();
    if (timeout != null) {
      timers.put(
          step,
          port.after(timeout, () -> mailbox.accept(new RunnerMessage.TimedOut(run, timeout))));
    }
    run.start(outcome -> mailbox.accept(new RunnerMessage.Ended(run, outcome)));
  }

  private State seen(NodeProgress node) {
    State state = progress.state();
    return node.again.isEmpty() ? state : state.with(node.again.getFirst().with());
  }

  /**
   * Forgets a run that has ended.
   *
   * @return whether it was one of those here, so that its outcome counts
   */
  boolean ended(StepRun run) {
    String step = run.progress().node.id();
    if (!active.remove(step, run)) {
      return false;
    }
    Future<?> timer = timers.remove(step);
    if (timer != null) {
      timer.cancel(false);
    }
    return true;
  }

  void timedOut(StepRun run, Duration after) {
    if (active.get(run.progress().node.id()) == run) {
      run.noteTimeout();
      stop(run, "Timed out after " + after.toMillis() + " ms");
    }
  }

  /**
   * Gives a run up that was told to stop and did not.
   *
   * @return whether it was still there
   */
  boolean abandon(StepRun run) {
    String step = run.progress().node.id();
    if (!active.remove(step, run)) {
      return false;
    }
    log.warn("Step {} of {} ignores its interruption", step, execution.id());
    run.close();
    return true;
  }

  void stopAll(String reason) {
    List.copyOf(active.values()).forEach(run -> stop(run, reason));
  }

  private void stop(StepRun run, String reason) {
    if (run.stopReason() == null) {
      run.stop(reason);
      port.after(PATIENCE, () -> mailbox.accept(new RunnerMessage.Abandon(run)));
    }
  }

  /** From here on no running step can write anything. */
  void closeAll() {
    active.values().forEach(StepRun::close);
  }

  void cancelTimers() {
    timers.values().forEach(timer -> timer.cancel(false));
  }
}
