package io.windlass.execution;

import io.windlass.approval.Approval;
import io.windlass.approval.ApprovalStore;
import io.windlass.approval.Decision;
import io.windlass.journal.Event;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.Question;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an execution's steps wait for: answers, children, times; and taking them when they come. */
final class Waits {
  /** Before the key of an effect: the key of the question how to settle it. */
  static final String RECOVERY = "recovery:";

  private static final String RUN_AGAIN = "run again";
  private static final String TAKE_AS_DONE = "take as done";
  private static final String FAIL = "fail";

  private final Execution execution;
  private final int depth;
  private final Progress progress;
  private final RunnerPort port;

  Waits(Execution execution, int depth, Progress progress, RunnerPort port) {
    this.execution = execution;
    this.depth = depth;
    this.progress = progress;
    this.port = port;
  }

  void ask(NodeProgress node, StepOutcome.Ask ask, Changes changes) {
    if (isUnheard(node, node.answers.containsKey(ask.key()), ask.key(), changes)) {
      return;
    }
    if (progress.stopping() != null) {
      // Nobody is asked for a run that is to end: the step stays begun, and a resume runs it again.
      progress.holdBack(node);
      return;
    }
    Question question = ask.question();
    Instant now = port.clock().instant();
    Duration expiresAfter = question.expiresAfter();
    Instant expiresAt = expiresAfter == null ? null : now.plus(expiresAfter);
    UUID id = port.newId();
    changes.write(
        ApprovalStore.insert(
            new Approval(
                id,
                execution.id(),
                execution.publicId(),
                execution.kind(),
                execution.name(),
                execution.owner(),
                node.node.id(),
                ask.key(),
                question.kind(),
                question.prompt(),
                question.options(),
                now,
                execution.createdAt(),
                expiresAt,
                question.onExpiry(),
                null)));
    changes.emit(
        new Event.ApprovalAsked(
            node.node.id(), ask.key(), id, question.kind(), question.prompt(), expiresAt));
  }

  /**
   * Starts a child, or finds the one that was started before.
   *
   * @return false when there is none yet, for want of a store or as this node stops: the step stays
   *     begun, and asks again
   */
  boolean runChild(NodeProgress node, StepOutcome.RunChild run, Changes changes) {
    NodeProgress.ChildProgress known = node.children.get(run.key());
    boolean ended = known != null && known.result() != null;
    if (isUnheard(node, ended, run.key(), changes)) {
      return true;
    }
    try {
      String key = new ParentKey(node.node.id(), node.visits, run.key()).toString();
      Execution child =
          progress.stopping() == null
              ? port.child(execution, depth, key, run.request())
              : port.childUnderWay(execution, key).orElse(null);
      if (child == null) {
        // It is to begin nothing new: the step stays begun, and a resume runs it again.
        return true;
      }
      changes.emit(
          new Event.ChildStarted(
              node.node.id(), run.key(), child.id(), child.publicId(), child.kind(), child.name()));
      takeChild(node, run.key(), child.id(), changes);
      if (run.atMost() != null && node.status == StepStatus.WAITING) {
        changes.emit(
            new Event.SleepBegun(
                node.node.id(),
                StepOutcome.RunChild.timeUp(run.key()),
                port.clock().instant().plus(run.atMost())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(node, "Interrupted", changes);
    } catch (WindlassException e) {
      if (e.code() == ErrorCode.STORE_UNAVAILABLE || e.code() == ErrorCode.SHUTTING_DOWN) {
        return false;
      }
      fail(
          node,
          "Step \"%s\": the %s \"%s\" cannot begin: %s"
              .formatted(node.node.id(), run.request().kind(), run.request().name(), e.text()),
          changes);
    }
    return true;
  }

  void sleep(NodeProgress node, StepOutcome.Sleep sleep, Changes changes) {
    if (!isUnheard(node, node.slept.containsKey(sleep.key()), sleep.key(), changes)) {
      changes.emit(new Event.SleepBegun(node.node.id(), sleep.key(), sleep.until()));
    }
  }

  /** Another step can run again when it is done, or already runs again for somebody else. */
  void runAgain(NodeProgress node, StepOutcome.RunAgain run, Changes changes) {
    boolean ran = Boolean.TRUE.equals(node.reruns.get(run.key()));
    if (isUnheard(node, ran, run.key(), changes)) {
      return;
    }
    NodeProgress target = progress.find(run.step());
    if (target == null
        || target == node
        || (target.status != StepStatus.DONE && target.again.isEmpty())) {
      String why =
          target == null
              ? "there is no such step"
              : target == node ? "that is itself" : "that one has not run to its end before it";
      fail(
          node,
          "Step \"%s\" wants step \"%s\" to run again, but %s"
              .formatted(node.node.id(), run.step(), why),
          changes);
      return;
    }
    changes.emit(
        new Event.RunAgainAsked(node.node.id(), run.key(), run.step(), run.with(), run.keep()));
  }

  /** A step that asks again what it was told already would ask for ever. */
  private static boolean isUnheard(
      NodeProgress node, boolean answered, String key, Changes changes) {
    if (answered) {
      fail(node, "The step asked again what was answered: " + key, changes);
    }
    return answered;
  }

  private static void fail(NodeProgress node, String error, Changes changes) {
    changes.emit(new Event.StepFailed(node.node.id(), node.visits, error, 0, null));
  }

  /**
   * Takes every answer, end and time that has come for steps that wait; in a run that is to end,
   * only for those that wait for a child, which may have something to complete.
   */
  void takeAnswers(Changes changes) {
    for (NodeProgress node : progress.all()) {
      if (node.status == StepStatus.WAITING
          && (progress.stopping() == null || !node.childrenUnderWay().isEmpty())) {
        takeAnswers(node, changes);
      }
    }
  }

  private void takeAnswers(NodeProgress node, Changes changes) {
    String step = node.node.id();
    node.questions.forEach((key, approval) -> {
      if (!node.answers.containsKey(key)) {
        port.decision(approval)
            .ifPresent(decision -> answered(node, key, approval, decision, changes));
      }
    });
    node.children.forEach((key, child) -> {
      if (child.result() == null) {
        takeChild(node, key, child.id(), changes);
      }
    });
    Instant now = port.clock().instant();
    node.sleeps.forEach((key, until) -> {
      if (!node.slept.containsKey(key) && !until.isAfter(now)) {
        changes.emit(new Event.SleepEnded(step, key));
      }
    });
  }

  private void answered(
      NodeProgress node, String key, UUID approval, Decision decision, Changes changes) {
    changes.emit(
        new Event.ApprovalAnswered(
            node.node.id(),
            key,
            approval,
            decision.choice(),
            decision.by(),
            decision.reason(),
            decision.at(),
            ApprovalStore.isExpiry(decision)));
    if (key.startsWith(RECOVERY)) {
      settleInterrupted(node, changes);
    }
  }

  private void takeChild(NodeProgress node, String key, ExecutionId child, Changes changes) {
    Optional<ChildResult> result = port.childResult(child);
    result.ifPresent(ended ->
        changes.emit(
            new Event.ChildEnded(
                node.node.id(),
                key,
                child,
                ended.succeeded(),
                ended.result(),
                ended.error(),
                ended.usage())));
  }

  /** When the first sleeping step is to be woken. */
  @Nullable Instant nextSleepEnd() {
    Instant first = null;
    for (NodeProgress node : progress.all()) {
      if (node.status == StepStatus.WAITING) {
        for (var sleep : node.sleeps.entrySet()) {
          if (!node.slept.containsKey(sleep.getKey())
              && (first == null || sleep.getValue().isBefore(first))) {
            first = sleep.getValue();
          }
        }
      }
    }
    return first;
  }

  /** Settles effects that were begun and whose end nobody saw, before their step runs again. */
  void settleInterrupted(NodeProgress node, Changes changes) {
    String step = node.node.id();
    for (var entry : List.copyOf(node.effects.entrySet())) {
      NodeProgress.EffectProgress effect = entry.getValue();
      if (effect.result() != null || node.status != StepStatus.RUNNING) {
        continue;
      }
      switch (effect.onRecovery()) {
        case REPEAT, ANSWER -> {}
        case FAIL ->
            fail(node, "Interrupted while: " + effect.what() + ". It may have happened.", changes);
        case ASK -> settleByAnswer(node, step, entry.getKey(), effect, changes);
      }
    }
  }

  private void settleByAnswer(
      NodeProgress node,
      String step,
      String key,
      NodeProgress.EffectProgress effect,
      Changes changes) {
    Answer answer = node.answers.get(RECOVERY + key);
    if (answer == null) {
      ask(
          node,
          new StepOutcome.Ask(
              RECOVERY + key,
              new Question(
                  "recovery",
                  "Step \"%s\" was interrupted while: %s. It may have happened; look before you decide."
                      .formatted(node.node.label(), effect.what()),
                  List.of(RUN_AGAIN, TAKE_AS_DONE, FAIL),
                  null,
                  null)),
          changes);
    } else if (answer.is(RUN_AGAIN)) {
      changes.emit(new Event.EffectFailed(step, key, "interrupted; run again"));
    } else if (answer.is(TAKE_AS_DONE)) {
      changes.emit(new Event.EffectDone(step, key, Json.text("")));
    } else {
      fail(node, "Interrupted while: " + effect.what() + "; settled as failed", changes);
    }
  }
}
