package io.windlass.execution;

import io.windlass.definition.Node;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.Usage;
import java.time.Instant;
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
  final StringBuilder partial = new StringBuilder();

  final Map<String, EffectProgress> effects = new ConcurrentHashMap<>();
  final Map<String, UUID> questions = new ConcurrentHashMap<>();
  final Map<String, Answer> answers = new ConcurrentHashMap<>();
  final Map<String, ChildProgress> children = new ConcurrentHashMap<>();
  final Map<String, Instant> sleeps = new ConcurrentHashMap<>();
  final Map<String, Boolean> slept = new ConcurrentHashMap<>();

  /**
   * @param result null while it is not known
   */
  record EffectProgress(String what, Event.OnRecoveryName onRecovery, @Nullable JsonNode result) {}

  /**
   * @param result null while it has not ended
   */
  record ChildProgress(ExecutionId id, String publicId, @Nullable ChildResult result) {}

  NodeProgress(Node node) {
    this.node = node;
  }

  void begin(int visit, Instant at) {
    if (visit != visits) {
      forgetVisit();
      visits = visit;
    }
    attempt = 1;
    startedAt = at;
    finishedAt = null;
    durationMs = null;
    output = null;
    error = null;
    partial.setLength(0);
  }

  private void forgetVisit() {
    effects.clear();
    questions.clear();
    answers.clear();
    children.clear();
    sleeps.clear();
    slept.clear();
    usage = Usage.NONE;
  }

  /** Prepares another try after the run had ended: what was refused or cancelled is asked anew. */
  void resetForResume() {
    boolean failed = status == StepStatus.FAILED;
    questions.keySet().removeIf(key -> failed || !answers.containsKey(key));
    if (failed) {
      answers.clear();
    }
    children.replaceAll((_, child) ->
        child.result() != null && !child.result().succeeded()
            ? new ChildProgress(child.id(), child.publicId(), null)
            : child);
    status = StepStatus.PENDING;
    error = null;
  }

  StepView view(boolean ended, boolean withOutput) {
    StepStatus shown =
        ended && (status == StepStatus.PENDING || isUnderWay()) ? StepStatus.SKIPPED : status;
    JsonNode text = null;
    if (withOutput) {
      text = output;
      if (text == null && !partial.isEmpty()) {
        text = io.windlass.kernel.Json.text(partial.toString());
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
        usage);
  }

  boolean isUnderWay() {
    return status == StepStatus.RUNNING || status == StepStatus.WAITING;
  }
}
