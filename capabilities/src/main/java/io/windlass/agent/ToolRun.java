package io.windlass.agent;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ToolUse;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.OnRecovery;
import io.windlass.step.StepContext;
import io.windlass.text.Excerpt;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one tool call as an effect. Whatever becomes of it is a result that the model reads;
 * one that a crash cut short is repeated when it only reads, else told to be in doubt.
 */
final class ToolRun {
  private static final int SHOWN = 200;
  private static final OnRecovery INTERRUPTED =
      new OnRecovery.Answer(Json.tree(CallResult.interruption()));

  private final StepContext context;
  private final @Nullable String cwd;
  private final Time time;
  private final OnRecovery inDoubt;
  private final boolean throwing;

  /**
   * What one call may take.
   *
   * @param set the step's own limit; null when it sets none
   * @param standard for tools that have no limit of their own
   */
  record Time(@Nullable Duration set, Duration standard) {
    Duration of(Tool tool) {
      return set == null ? tool.timeLimit().orElse(standard) : set;
    }
  }

  /**
   * @param cwd the step's folder, rendered; null for none
   */
  ToolRun(StepContext context, @Nullable String cwd, Time time) {
    this(context, cwd, time, INTERRUPTED, false);
  }

  /**
   * @param inDoubt how a call that may have changed something is settled when it was cut short
   * @param throwing whether a call that fails is no result, so that another attempt calls again
   */
  ToolRun(
      StepContext context, @Nullable String cwd, Time time, OnRecovery inDoubt, boolean throwing) {
    this.context = context;
    this.cwd = cwd;
    this.time = time;
    this.inDoubt = inDoubt;
    this.throwing = throwing;
  }

  CallResult run(ToolCalls.Prepared call) throws Exception {
    String what = "call tool " + shown(call.use());
    Tool tool = call.tool();
    boolean repeats =
        tool == null || call.fault() != null || tool.isReadOnly(call.arguments().values());
    Effect effect =
        repeats ? Effect.repeatable(call.key(), what) : new Effect(call.key(), what, inDoubt);
    CallResult result =
        CallResult.read(context.once(effect, () -> Json.tree(kept(call, told(call, tool)))));
    if (result.interrupted()) {
      context.log(
          LogLevel.WARN,
          "Tool %s: interrupted, it may have happened; the model is told so"
              .formatted(shown(call.use())));
    }
    return result;
  }

  private CallResult kept(ToolCalls.Prepared call, CallResult result) {
    if (throwing && result.failed() && !result.unusable()) {
      throw new WindlassException(
          ErrorCode.STEP_FAILED, "Tool \"%s\": %s".formatted(call.use().name(), result.text()));
    }
    return result;
  }

  private CallResult told(ToolCalls.Prepared call, @Nullable Tool tool)
      throws InterruptedException {
    String fault = call.fault();
    if (tool == null || fault != null) {
      context.log(
          LogLevel.WARN,
          "Tool %s: not carried out: %s"
              .formatted(shown(call.use()), Excerpt.of(String.valueOf(fault), 2 * SHOWN)));
      return CallResult.unusable(String.valueOf(fault));
    }
    long began = System.nanoTime();
    ToolResult result = carriedOut(call, tool);
    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    context.log(
        result.failed() ? LogLevel.WARN : LogLevel.INFO,
        "Tool %s: %s in %d ms"
            .formatted(
                shown(call.use()),
                result.failed()
                    ? "failed: " + Excerpt.of(result.text().strip(), SHOWN)
                    : result.text().length() + " characters",
                millis));
    return CallResult.of(result.text(), result.failed());
  }

  /** On a thread of its own, interrupted when its time is up. */
  private ToolResult carriedOut(ToolCalls.Prepared call, Tool tool) throws InterruptedException {
    Duration timeout = time.of(tool);
    ToolCall asked =
        new ToolCall(
            context.idempotencyKey(call.key()), call.arguments().values(), cwd, context, timeout);
    try (Fork<ToolResult> fork = Fork.open("tool-" + tool.name())) {
      fork.fork(() -> answered(tool, asked));
      return fork.join(timeout).getFirst();
    } catch (InterruptedException e) {
      throw e;
    } catch (TimeoutException e) {
      return ToolResult.failure(
          "The call took longer than %d ms and was stopped; what it had done by then stands"
              .formatted(timeout.toMillis()));
    } catch (Exception e) {
      return ToolResult.failure(reason(e));
    }
  }

  private static ToolResult answered(Tool tool, ToolCall call) throws InterruptedException {
    try {
      return tool.call(call);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | StackOverflowError e) {
      return ToolResult.failure(reason(e));
    }
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  private static String shown(ToolUse use) {
    return Excerpt.of(use.name(), SHOWN)
        + " "
        + Excerpt.of(use.arguments().strip().replaceAll("\\s+", " "), SHOWN);
  }
}
