package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.journal.Event;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import io.windlass.step.Usage;
import java.util.Map;
import java.util.Set;

/**
 * What follows from where an execution stands: which steps begin or are skipped, and whether it
 * waits or has come to its end.
 */
final class Advance {
  /** So many joins that did not fire are told of. */
  private static final int MOST_TOLD = 20;

  private static final int LONGEST = 300;
  private final Execution execution;
  private final long epoch;
  private final Flow flow;
  private final Progress progress;
  private final RunningSteps steps;
  private final Waits waits;
  private final RunnerPort port;

  Advance(
      Execution execution,
      long epoch,
      Flow flow,
      Progress progress,
      RunningSteps steps,
      Waits waits,
      RunnerPort port) {
    this.execution = execution;
    this.epoch = epoch;
    this.flow = flow;
    this.progress = progress;
    this.steps = steps;
    this.waits = waits;
    this.port = port;
  }

  /**
   * Emits all of it.
   *
   * @param moreToCome whether a step will be tried again after a delay
   */
  void emit(Changes changes, boolean moreToCome) {
    if (changes.ended()) {
      return;
    }
    beginReady(changes);
    if (progress.failure() != null) {
      steps.stopAll("another step failed");
      if (steps.isEmpty()) {
        end(changes, new Event.ExecutionFailed(progress.failure()));
      }
    } else if (steps.isEmpty() && !moreToCome && !progress.canGoOn()) {
      StopRequest stop = progress.stopping();
      if (stop != null) {
        stop(stop, changes);
      } else if (progress.mustWait()) {
        changes.park(execution, epoch, waits.nextSleepEnd());
      } else {
        succeed(changes);
      }
    }
  }

  /**
   * Ends what was told to stop and runs no step. It stays with its node, and does not wait as
   * others do, until the children that were told with it have ended: so they are told again should
   * the node die.
   */
  private void stop(StopRequest stop, Changes changes) {
    if (progress.waitsForChild()) {
      return;
    }
    if (execution.parent() != null && progress.isThrough()) {
      // Nothing of it was cut, and the step that waits for it is to have its result.
      succeed(changes);
    } else {
      end(changes, new Event.ExecutionCancelled(stop.by()));
    }
  }

  private void beginReady(Changes changes) {
    while (progress.failure() == null && progress.stopping() == null) {
      String closing = progress.nextClosing();
      if (closing != null) {
        changes.emit(new Event.StepSkipped(closing, "its branch was not chosen", false, true));
        continue;
      }
      String ready = progress.nextReady();
      if (ready == null || port.draining() != null) {
        return;
      }
      int limit = flow.bounds(progress.state()).stepLimit();
      if (progress.totalVisits() >= limit) {
        end(
            changes,
            new Event.ExecutionFailed(
                explained(
                    "The limit of %d steps was reached at step \"%s\": the flow does not come to an end; look at what should end it, or raise the limit"
                        .formatted(limit, ready))));
        steps.stopAll("the step limit was reached");
        return;
      }
      begin(progress.node(ready), changes);
    }
  }

  private void begin(NodeProgress node, Changes changes) {
    String step = node.node.id();
    // A step that is run again had its guard's consent when it first ran.
    Guard guard = node.again.isEmpty() ? node.node.guard() : Guard.NONE;
    switch (guard.check(progress.state())) {
      case Guard.Run _ -> {
        boolean again = node.visits > 0 && node.status == StepStatus.PENDING;
        changes.emit(
            new Event.StepStarted(step, again ? node.visits : node.visits + 1, node.node.label()));
        waits.settleInterrupted(node, changes);
      }
      case Guard.Skip(String reason) -> {
        String deadEnd = guard.deadEnd(() -> progress.after(node.node, null, Map.of()));
        if (deadEnd == null) {
          changes.emit(new Event.StepSkipped(step, reason, false, false));
        } else {
          end(changes, new Event.ExecutionFailed(explained(deadEnd)));
          steps.stopAll("nothing can follow step " + step);
        }
      }
      case Guard.End(String reason) ->
          changes.emit(new Event.StepSkipped(step, reason, true, false));
    }
  }

  private void succeed(Changes changes) {
    if (!progress.endingEarly()) {
      progress.halfJoins().stream().limit(MOST_TOLD).forEach(join -> tell(join, changes));
    }
    try {
      end(changes, new Event.ExecutionSucceeded(flow.result().apply(progress.state())));
    } catch (WindlassException e) {
      end(changes, new Event.ExecutionFailed(explained(e.text())));
    }
  }

  private String explained(String error) {
    return progress.explained(error, Usage.NONE);
  }

  /** A run may end well with a join that never fired; whoever looks should see that it did not. */
  private static void tell(Readiness.HalfJoin join, Changes changes) {
    changes.emit(
        new Event.StepLog(
            join.heard().iterator().next(),
            LogLevel.WARN,
            "The join of %s and %s did not fire: it waited for %s, so that it never led to %s"
                .formatted(
                    shown(join.heard()),
                    shown(join.missing()),
                    shown(join.missing()),
                    shown(join.targets()))));
  }

  private static String shown(Set<String> steps) {
    String all = String.join(", ", steps);
    return all.length() > LONGEST ? all.substring(0, LONGEST) + "…" : all;
  }

  /** Emits the execution's last event. */
  void end(Changes changes, Event event) {
    // What a stopped step still says must not come after the end.
    steps.closeAll();
    changes.end(execution, epoch, event);
  }
}
