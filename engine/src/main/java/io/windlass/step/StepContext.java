package io.windlass.step;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a running step may know and ask of the engine. Safe for use from several threads. */
public interface StepContext {
  ExecutionId execution();

  /** The execution's id as its surface shows it. */
  String publicId();

  /** The running definition's kind. */
  String definitionKind();

  /** The running definition's name. */
  String definitionName();

  /** How many executions this one is nested in. */
  int depth();

  String stepId();

  /** From 1; grows with each retry. */
  int attempt();

  /** The variables as they were when the step became ready. */
  State state();

  InstantSource clock();

  /**
   * Does an effect at most once: its result is journalled and answered at every later run of this
   * visit of the step. See {@link OnRecovery} for what an interruption does. What it consumed is
   * journalled with it, but told by {@link #use} alone, at every run.
   *
   * @throws Exception what the effect threw; nothing is recorded then
   */
  JsonNode perform(Effect effect, Callable<EffectResult> action) throws Exception;

  /** {@link #perform} for what consumes nothing. */
  default JsonNode once(Effect effect, Callable<JsonNode> action) throws Exception {
    return perform(effect, () -> new EffectResult(action.call(), Usage.NONE));
  }

  /**
   * {@link #once(Effect, Callable)} for a record, which JSON can carry: what the journal answers
   * later must equal what the effect gave.
   *
   * @throws WindlassException STEP_FAILED when a person took the interrupted effect as done, for
   *     its result is lost then
   */
  default <T extends Record> T once(Effect effect, Class<T> type, Callable<T> action)
      throws Exception {
    return once(effect, type, _ -> Usage.NONE, action);
  }

  /**
   * The same, which tells what it consumed, too.
   *
   * @param usage that, as the value has it
   */
  default <T extends Record> T once(
      Effect effect, Class<T> type, Function<T, Usage> usage, Callable<T> action) throws Exception {
    AtomicReference<@Nullable T> given = new AtomicReference<>();
    JsonNode kept =
        perform(
            effect,
            () -> {
              T value = action.call();
              given.set(value);
              return new EffectResult(Json.tree(value), usage.apply(value));
            });
    T value = given.get();
    if (value == null) {
      if (!kept.isObject()) {
        throw new WindlassException(
            ErrorCode.STEP_FAILED,
            "The result of \"%s\" is lost: it was interrupted, and taken as done. Run it anew from this step to have it again"
                .formatted(effect.what()));
      }
      value = Json.MAPPER.treeToValue(kept, type);
    }
    Usage used = usage.apply(value);
    if (!used.isNone()) {
      use(used);
    }
    return value;
  }

  /** What goes out as {@code Idempotency-Key}: the same at every repetition of the effect. */
  String idempotencyKey(String effectKey);

  /** The answer to what an {@link StepOutcome.Ask} of this key asked, once it is given. */
  Optional<Answer> answer(String key);

  /** How the child that a {@link StepOutcome.RunChild} of this key started has ended. */
  Optional<ChildResult> child(String key);

  /** Whether the time of a {@link StepOutcome.Sleep} of this key has come. */
  boolean slept(String key);

  /** Whether the step that a {@link StepOutcome.RunAgain} of this key named has been run again. */
  boolean ranAgain(String key);

  /** Text of the step's output as it comes: live viewers see it at once, the journal soon after. */
  void output(String chunk);

  /**
   * Output that an earlier run of this attempt may have told already, before a wait or a crash; it
   * is told once.
   */
  default void retell(String text) {
    output(text);
  }

  void log(LogLevel level, String message);

  /** Tells that the result comes from a cache. */
  void cacheHit();

  /**
   * Adds to what this step consumed. Told at every run of the step, also for calls that {@link
   * #once} answered from the journal.
   */
  void use(Usage usage);

  /**
   * What the models consumed that the values come from which this step sees: those that it, or an
   * execution that it started, has asked; where none was asked, those of the run's earlier steps.
   */
  Usage consumed();

  /** Runs at cancel or time-out, before the step's thread is interrupted; for process trees. */
  AutoCloseable onCancel(Runnable action);

  /**
   * Runs when this run of the step is over, however it ends, also when it only waits from here on;
   * at cancel or time-out at once. For what the step has started and left running.
   */
  void atEnd(Runnable action);
}
