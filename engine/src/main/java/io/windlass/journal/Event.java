package io.windlass.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.windlass.kernel.ExecutionId;
import io.windlass.step.EffectResult;
import io.windlass.step.LogLevel;
import io.windlass.step.OnRecovery;
import io.windlass.step.Usage;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Everything that can happen to an execution. The names of the cases are stored: a case may get new
 * fields that can be absent, and is never renamed. A {@code visit} counts, from 1, how often a node
 * was begun in this execution.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.ExecutionStarted.class, name = "execution_started"),
  @JsonSubTypes.Type(value = Event.ExecutionTaken.class, name = "execution_taken"),
  @JsonSubTypes.Type(value = Event.ExecutionWaiting.class, name = "execution_waiting"),
  @JsonSubTypes.Type(value = Event.ExecutionSucceeded.class, name = "execution_succeeded"),
  @JsonSubTypes.Type(value = Event.ExecutionFailed.class, name = "execution_failed"),
  @JsonSubTypes.Type(value = Event.ExecutionCancelled.class, name = "execution_cancelled"),
  @JsonSubTypes.Type(value = Event.ExecutionStopping.class, name = "execution_stopping"),
  @JsonSubTypes.Type(value = Event.StepStarted.class, name = "step_started"),
  @JsonSubTypes.Type(value = Event.StepOutput.class, name = "step_output"),
  @JsonSubTypes.Type(value = Event.StepLog.class, name = "step_log"),
  @JsonSubTypes.Type(value = Event.StepCacheHit.class, name = "step_cache_hit"),
  @JsonSubTypes.Type(value = Event.StepRetried.class, name = "step_retried"),
  @JsonSubTypes.Type(value = Event.StepDone.class, name = "step_done"),
  @JsonSubTypes.Type(value = Event.StepSkipped.class, name = "step_skipped"),
  @JsonSubTypes.Type(value = Event.StepFailed.class, name = "step_failed"),
  @JsonSubTypes.Type(value = Event.EffectBegun.class, name = "effect_begun"),
  @JsonSubTypes.Type(value = Event.EffectDone.class, name = "effect_done"),
  @JsonSubTypes.Type(value = Event.EffectFailed.class, name = "effect_failed"),
  @JsonSubTypes.Type(value = Event.ApprovalAsked.class, name = "approval_asked"),
  @JsonSubTypes.Type(value = Event.ApprovalAnswered.class, name = "approval_answered"),
  @JsonSubTypes.Type(value = Event.ChildStarted.class, name = "child_started"),
  @JsonSubTypes.Type(value = Event.ChildEnded.class, name = "child_ended"),
  @JsonSubTypes.Type(value = Event.SleepBegun.class, name = "sleep_begun"),
  @JsonSubTypes.Type(value = Event.SleepEnded.class, name = "sleep_ended"),
  @JsonSubTypes.Type(value = Event.RunAgainAsked.class, name = "run_again_asked"),
})
public sealed interface Event {

  /** An event of one visit of one node. */
  sealed interface OfStep extends Event {
    String step();
  }

  /** The execution was accepted. {@code state} holds its first variables. */
  record ExecutionStarted(String kind, String name, Map<String, JsonNode> state) implements Event {}

  /** A node took the execution over under a new epoch: a wake-up, a recovery, a resume. */
  record ExecutionTaken(long epoch, String node, String reason, boolean reset) implements Event {}

  /** Nothing runs; the execution holds no thread until something it waits for comes. */
  record ExecutionWaiting() implements Event {}

  /** Nothing new begins; it is cancelled once what has begun is through. */
  record ExecutionStopping(String by) implements Event {}

  record ExecutionSucceeded(JsonNode result) implements Event {}

  record ExecutionFailed(String error) implements Event {}

  record ExecutionCancelled(String by) implements Event {}

  /** A node began; for a single repeatable effect this is its intent too. */
  record StepStarted(String step, int visit, String label) implements OfStep {}

  /**
   * A piece of the step's output; {@code offset} counts the characters before it in this attempt.
   */
  record StepOutput(String step, int attempt, long offset, String text) implements OfStep {}

  record StepLog(String step, LogLevel level, String message) implements OfStep {}

  record StepCacheHit(String step) implements OfStep {}

  /**
   * The step failed and is tried again; {@code nextAttempt} is absent when it is the next one.
   * Where {@code keep} is there, the next attempt does anew what this one did, but for effects
   * whose keys begin with it, and {@code usage} is what all that was done in vain consumed.
   */
  record StepRetried(
      String step,
      int failedAttempt,
      String error,
      long delayMs,
      @Nullable Integer nextAttempt,
      @Nullable String keep,
      @Nullable Usage usage)
      implements OfStep {
    public StepRetried(String step, int failedAttempt, String error, long delayMs) {
      this(step, failedAttempt, error, delayMs, null, null, null);
    }
  }

  /** The step finished; {@code attempt} is the one whose output pieces make up its output. */
  record StepDone(
      String step,
      int visit,
      int attempt,
      JsonNode output,
      @Nullable Map<String, JsonNode> set,
      @Nullable Set<String> close,
      long durationMs,
      @Nullable Usage usage)
      implements OfStep {}

  /**
   * A step did nothing.
   *
   * @param end whether the run ends early
   * @param closed whether an unchosen branch was cut
   * @param keep null when the step was not begun, or a resume goes on from its effects; else they
   *     led here, and a resume does them anew but for those whose keys begin with this
   * @param usage what it consumed to come to that
   */
  record StepSkipped(
      String step,
      String reason,
      boolean end,
      boolean closed,
      @Nullable String keep,
      @Nullable Usage usage)
      implements OfStep {
    public StepSkipped(String step, String reason, boolean end, boolean closed) {
      this(step, reason, end, closed, null, null);
    }
  }

  /**
   * A step failed for good.
   *
   * @param keep null when a resume goes on from its effects; else they led to the failure, and a
   *     resume does them anew but for those whose keys begin with this
   */
  record StepFailed(
      String step,
      int visit,
      String error,
      long durationMs,
      @Nullable String keep,
      @Nullable Usage usage)
      implements OfStep {
    public StepFailed(
        String step, int visit, String error, long durationMs, @Nullable Usage usage) {
      this(step, visit, error, durationMs, null, usage);
    }
  }

  /** An effect is about to happen. */
  record EffectBegun(String step, String key, String what, OnRecoveryName onRecovery)
      implements OfStep {}

  /** An effect has happened, and consumed that; null for nothing. */
  record EffectDone(String step, String key, JsonNode result, @Nullable Usage usage)
      implements OfStep {
    public EffectDone(String step, String key, JsonNode result) {
      this(step, key, result, null);
    }

    public static EffectDone of(String step, String key, EffectResult result) {
      return new EffectDone(
          step, key, result.value(), result.usage().isNone() ? null : result.usage());
    }
  }

  /** A begun effect is known not to have worked; it may be tried again. */
  record EffectFailed(String step, String key, String error) implements OfStep {}

  record ApprovalAsked(
      String step,
      String key,
      UUID approval,
      String kind,
      String prompt,
      @Nullable Instant expiresAt)
      implements OfStep {}

  record ApprovalAnswered(
      String step,
      String key,
      UUID approval,
      @Nullable String choice,
      String by,
      @Nullable String reason,
      Instant at,
      boolean expired)
      implements OfStep {}

  record ChildStarted(
      String step, String key, ExecutionId child, String publicId, String kind, String name)
      implements OfStep {}

  record ChildEnded(
      String step,
      String key,
      ExecutionId child,
      boolean succeeded,
      JsonNode result,
      @Nullable String error,
      @Nullable Usage usage)
      implements OfStep {
    public ChildEnded(
        String step,
        String key,
        ExecutionId child,
        boolean succeeded,
        JsonNode result,
        @Nullable String error) {
      this(step, key, child, succeeded, result, error, null);
    }
  }

  record SleepBegun(String step, String key, Instant until) implements OfStep {}

  record SleepEnded(String step, String key) implements OfStep {}

  /**
   * The step waits until {@code target} has been run again, which then sees the variables {@code
   * with} and keeps its effects whose keys begin with {@code keep}.
   */
  record RunAgainAsked(
      String step, String key, String target, Map<String, JsonNode> with, String keep)
      implements OfStep {}

  /** The stored form of {@link OnRecovery}, whose cases may carry values. */
  enum OnRecoveryName {
    REPEAT,
    ASK,
    FAIL,
    ANSWER;

    public static OnRecoveryName of(OnRecovery rule) {
      return switch (rule) {
        case OnRecovery.Repeat _ -> REPEAT;
        case OnRecovery.Ask _ -> ASK;
        case OnRecovery.Fail _ -> FAIL;
        case OnRecovery.Answer _ -> ANSWER;
      };
    }
  }
}
