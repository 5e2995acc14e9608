package io.windlass.execution;

import io.windlass.definition.Node;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where one node stands, and what its current visit did and asked. The maps are shared with the
 * thread that runs the step; everything else belongs to the runner.
 */
final class NodeProgress {
  final Node node;
  StepStatus status = StepStatus.PENDING;
  int visits;
  int attempt;
  @Nullable Instant startedAt;
  @Nullable Instant finishedAt;
  @Nullable Long durationMs;
  @Nullable JsonNode output;
  @Nullable String error;
  Usage usage = Usage.NONE;

  /** What visits before this one consumed. */
  private Usage before = Usage.NONE;

  /** When the next attempt is to begin, which may be past; null when none was waited for. */
  @Nullable Instant retryAt;

  /** Skipped as a branch that was not chosen. */
  boolean closed;

  /** How the keys of effects begin that a resume does not do anew; null when it does none. */
  private @Nullable String keep;

  /** What attempts of this visit consumed whose effects are done anew. */
  Usage inVain = Usage.NONE;

  /** The output that this attempt has stored so far; the thread that runs the step adds to it. */
  private final StringBuffer partial = new StringBuffer();

  final Map<String, EffectProgress> effects = new ConcurrentHashMap<>();
  final Map<String, UUID> questions = new ConcurrentHashMap<>();
  final Map<String, Answer> answers = new ConcurrentHashMap<>();
  final Map<String, ChildProgress> children = new ConcurrentHashMap<>();

  final Map<String, Instant> sleeps = new ConcurrentHashMap<>();
  final Map<String, Boolean> slept = new ConcurrentHashMap<>();

  /** What this step waits for to be run again, by key, and whether it has been. */
  final Map<String, Boolean> reruns = new ConcurrentHashMap<>();

  /** Who waits for this step to be run again; the first one's turn it is. */
  final ArrayDeque<Event.RunAgainAsked> again = new ArrayDeque<>();

  /**
   * @param result null while it is not known
   */
  record EffectProgress(
      String what, Event.OnRecoveryName onRecovery, @Nullable JsonNode result, Usage usage) {
    static EffectProgress begun(String what, Event.OnRecoveryName onRecovery) {
      return new EffectProgress(what, onRecovery, null, Usage.NONE);
    }

    static EffectProgress done(JsonNode result, @Nullable Usage usage) {
      return new EffectProgress(
          "", Event.OnRecoveryName.REPEAT, result, usage == null ? Usage.NONE : usage);
    }
  }

  /**
   * @param result null while it has not ended
   */
  record ChildProgress(ExecutionId id, String publicId, @Nullable ChildResult result) {}

  NodeProgress(Node node) {
    this.node = node;
  }

  void begin(int visit, Instant at) {
    if (visit != visits) {
      forgetVisit(again.isEmpty() ? null : again.getFirst().keep());
      visits = visit;
    }
    attempt = 1;
    startedAt = at;
    finishedAt = null;
    durationMs = null;
    output = null;
    error = null;
    keep = null;
    retryAt = null;
    partial.setLength(0);
  }

  void output(Event.StepOutput e) {
    if (e.attempt() == attempt) {
      partial.append(e.text());
    }
  }

  /** What this attempt has told before the run that begins now: before a wait, a crash. */
  String toldSoFar() {
    return partial.toString();
  }

  /** What was started and has not ended. */
  List<ExecutionId> childrenUnderWay() {
    if (children.isEmpty()) {
      return List.of();
    }
    return children.values().stream()
        .filter(child -> child.result() == null)
        .map(ChildProgress::id)
        .toList();
  }

  void retried(Event.StepRetried e, Instant at) {
    retryAt = at.plusMillis(e.delayMs());
    // Their end is no news to the next attempt, which starts children of its own.
    children.values().removeIf(child -> child.result() == null);
    if (e.keep() != null) {
      inVain = inVain(e.keep(), e.usage() == null ? Usage.NONE : e.usage());
    }
    Integer next = e.nextAttempt();
    attempt = next == null ? e.failedAttempt() + 1 : next;
    partial.setLength(0);
  }

  /** What all visits so far consumed; of one that has not ended, what its effects did. */
  Usage consumed() {
    return before.plus(finishedAt == null ? soFar() : usage);
  }

  private Usage soFar() {
    Usage all = inVain;
    for (EffectProgress effect : effects.values()) {
      all = all.plus(effect.usage());
    }
    return all;
  }

  /**
   * @param keep what a resume goes on from, as {@link Event.StepFailed} has it
   */
  void end(Instant at, long ranMs, @Nullable String keep, @Nullable Usage used) {
    finishedAt = at;
    durationMs = ranMs;
    this.keep = keep;
    usage = used == null ? soFar() : used;
    partial.setLength(0);
    partial.trimToSize();
  }

  void effectBegun(Event.EffectBegun e) {
    effects.put(e.key(), EffectProgress.begun(e.what(), e.onRecovery()));
  }

  void effectDone(Event.EffectDone e) {
    effects.put(e.key(), EffectProgress.done(e.result(), e.usage()));
  }

  void effectFailed(Event.EffectFailed e) {
    effects.remove(e.key());
    questions.remove(Waits.RECOVERY + e.key());
    answers.remove(Waits.RECOVERY + e.key());
  }

  void answered(Event.ApprovalAnswered e) {
    answers.put(e.key(), new Answer(e.choice(), e.by(), e.reason(), e.at(), e.expired()));
  }

  void childStarted(Event.ChildStarted e) {
    children.put(e.key(), new ChildProgress(e.child(), e.publicId(), null));
  }

  void childEnded(Event.ChildEnded e) {
    ChildProgress known = children.get(e.key());
    String publicId = known == null ? "" : known.publicId();
    ChildResult result =
        new ChildResult(e.child(), publicId, e.succeeded(), e.result(), e.error(), e.usage());
    children.put(e.key(), new ChildProgress(e.child(), publicId, result));
  }

  /**
   * @param keep how the keys of effects begin that stay known; null for none
   */
  private void forgetVisit(@Nullable String keep) {
    before = before.plus(inVain(keep, usage));
    inVain = Usage.NONE;
    usage = Usage.NONE;
  }

  /**
   * Forgets effects, and gives what was consumed in vain: all that was told, but what is kept has
   * consumed, as it is told again.
   */
  private Usage inVain(@Nullable String keep, Usage told) {
    Usage forgotten = forget(keep);
    boolean toldAgain = effects.values().stream().anyMatch(effect -> !effect.usage().isNone());
    return toldAgain ? inVain.plus(forgotten) : told;
  }

  /**
   * @return what the effects consumed that are not known any more
   */
  private Usage forget(@Nullable String keep) {
    Usage forgotten = Usage.NONE;
    for (Iterator<Map.Entry<String, EffectProgress>> all = effects.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<String, EffectProgress> effect = all.next();
      if (keep == null || !effect.getKey().startsWith(keep)) {
        forgotten = forgotten.plus(effect.getValue().usage());
        all.remove();
      }
    }
    questions.clear();
    answers.clear();
    children.clear();
    sleeps.clear();
    slept.clear();
    reruns.clear();
    return forgotten;
  }

  /** Prepares another try after the run had ended: what was refused or cancelled is asked anew. */
  void resetForResume() {
    boolean failed = status == StepStatus.FAILED;
    if (keep != null) {
      inVain = inVain(keep, usage);
      keep = null;
    }
    questions.keySet().removeIf(key -> failed || !answers.containsKey(key));
    if (failed) {
      answers.clear();
    }
    // A child that took too long is resumed with this step, and gets its time anew.
    sleeps.keySet().removeIf(StepOutcome.RunChild::isTimeUp);
    slept.keySet().removeIf(StepOutcome.RunChild::isTimeUp);
    children.replaceAll((_, child) ->
        child.result() != null && !child.result().succeeded()
            ? new ChildProgress(child.id(), child.publicId(), null)
            : child);
    status = StepStatus.PENDING;
    error = null;
    finishedAt = null;
    durationMs = null;
  }

  StepView view(boolean ended, boolean withOutput) {
    boolean leftUndone = ended && (status == StepStatus.PENDING || isUnderWay());
    StepStatus shown =
        !leftUndone ? status : startedAt == null ? StepStatus.SKIPPED : StepStatus.CANCELLED;
    JsonNode text = null;
    if (withOutput) {
      text = output;
      if (text == null && !partial.isEmpty()) {
        text = Json.text(partial.toString());
      }
    }
    return new StepView(
        node.id(),
        node.label(),
        node.kind(),
        shown,
        visits,
        attempt,
        text,
        error,
        startedAt,
        finishedAt,
        durationMs,
        consumed());
  }

  /** Whether it waits for another step that has not been run again yet. */
  boolean awaitsAnother() {
    return status == StepStatus.WAITING && reruns.containsValue(false);
  }

  boolean isUnderWay() {
    return status == StepStatus.RUNNING || status == StepStatus.WAITING;
  }
}
