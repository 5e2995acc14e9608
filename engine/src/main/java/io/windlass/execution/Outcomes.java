package io.windlass.execution;

import io.windlass.definition.Retry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What becomes of a step's outcome: its end, another attempt after a delay, or a wait. */
final class Outcomes {
  /** When what could not be stored is tried again. */
  private static final Duration WITHOUT_STORE = Duration.ofSeconds(1);

  private final Progress progress;
  private final Waits waits;
  private final RunnerPort port;
  private final Consumer<RunnerMessage> mailbox;
  private final Set<String> delayed = new HashSet<>();

  Outcomes(Progress progress, Waits waits, RunnerPort port, Consumer<RunnerMessage> mailbox) {
    this.progress = progress;
    this.waits = waits;
    this.port = port;
    this.mailbox = mailbox;
  }

  /**
   * Whether a step is to be tried again after a delay; none is in a run that begins nothing new.
   */
  boolean anyDelayed() {
    return !delayed.isEmpty() && progress.stopping() == null;
  }

  /** Lets a step be tried again after a delay. */
  private void delay(String step, Duration delay) {
    delayed.add(step);
    port.pause(delay, () -> mailbox.accept(new RunnerMessage.RetryNow(step)));
  }

  /**
   * Lets a step that is to run wait for what is left of its delay, as a restart finds it.
   *
   * @return whether something is
   */
  boolean delaysOn(NodeProgress node) {
    Duration left =
        node.retryAt == null
            ? Duration.ZERO
            : Duration.between(port.clock().instant(), node.retryAt);
    if (!left.isPositive()) {
      return false;
    }
    delay(node.node.id(), left);
    return true;
  }

  /**
   * The delay of a step is over.
   *
   * @return whether it is to be tried again now
   */
  boolean delayOver(String step) {
    delayed.remove(step);
    return progress.failure() == null && progress.stopping() == null;
  }

  void settle(StepRun run, StepOutcome outcome, Changes changes) {
    NodeProgress node = run.progress();
    String step = node.node.id();
    switch (outcome) {
      case StepOutcome.Done done -> {
        String deadEnd = deadEnd(run, done.output(), done.set());
        if (deadEnd != null) {
          failed(run, new StepOutcome.Failed(deadEnd, true), changes);
          return;
        }
        changes.emit(
            new Event.StepDone(
                step,
                node.visits,
                node.attempt,
                done.output(),
                done.set().isEmpty() ? null : done.set(),
                done.close().isEmpty() ? null : done.close(),
                tookMs(run),
                used(run)));
      }
      case StepOutcome.Skipped(String reason, String keep) -> {
        String deadEnd = deadEnd(run, null, Map.of());
        if (deadEnd != null) {
          failed(run, new StepOutcome.Failed(deadEnd, false), changes);
          return;
        }
        changes.emit(new Event.StepSkipped(step, reason, false, false, keep, used(run)));
      }
      case StepOutcome.Failed failed -> failed(run, failed, changes);
      case StepOutcome.Ask ask -> waits.ask(node, ask, changes);
      case StepOutcome.RunChild child -> {
        if (!waits.runChild(node, child, changes)) {
          delay(step, WITHOUT_STORE);
        } else if (child.atMost() != null) {
          port.pause(child.atMost(), () -> mailbox.accept(new RunnerMessage.Wake()));
        }
      }
      case StepOutcome.RunAgain _, StepOutcome.Sleep _ when progress.stopping() != null -> {
        // No wait begins in a run that is to end: the step stays begun, and a resume runs it again.
      }
      case StepOutcome.RunAgain again -> waits.runAgain(node, again, changes);
      case StepOutcome.Sleep sleep -> {
        waits.sleep(node, sleep, changes);
        port.pause(
            Duration.between(port.clock().instant(), sleep.until()),
            () -> mailbox.accept(new RunnerMessage.Wake()));
      }
    }
  }

  /** What is run again for another step is followed by that step alone. */
  private @Nullable String deadEnd(
      StepRun run, @Nullable JsonNode output, Map<String, JsonNode> set) {
    NodeProgress node = run.progress();
    String told =
        node.again.isEmpty()
            ? node.node.guard().deadEnd(() -> progress.after(node.node, output, set))
            : null;
    return told == null ? null : progress.explained(told, run.usage());
  }

  /** From its beginning: with what it waited for, and with the attempts before this one. */
  private long tookMs(StepRun run) {
    if (run.isFromCache()) {
      return 0;
    }
    Instant startedAt = run.progress().startedAt;
    long since =
        startedAt == null ? 0 : Duration.between(startedAt, port.clock().instant()).toMillis();
    return Math.max(since, run.elapsedMs());
  }

  private static @Nullable Usage used(StepRun run) {
    Usage usage = run.progress().inVain.plus(run.usage());
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
    Retry retry = node.node.limits(progress.state()).retry();
    int next = retry.nextAfter(node.attempt, failed.retryable());
    if (next > 0 && progress.stopping() != null) {
      // No further attempt begins in a run that is to end: the step stays begun, as above.
      return;
    }
    if (next > 0) {
      List<ExecutionId> unfinished = node.childrenUnderWay();
      boolean sameRow = retry.rowOf(next) == retry.rowOf(node.attempt);
      Duration delay = sameRow ? retry.delayAfter(node.attempt, port.random()) : Duration.ZERO;
      changes.emit(
          new Event.StepRetried(
              step,
              node.attempt,
              error,
              delay.toMillis(),
              next == node.attempt + 1 ? null : next,
              failed.keep(),
              failed.keep() == null ? null : used(run)));
      changes.giveUp(unfinished);
      delay(step, delay);
    } else {
      changes.emit(
          new Event.StepFailed(step, node.visits, error, tookMs(run), failed.keep(), used(run)));
    }
  }
}
