package io.windlass.tool;

import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.EarlyOutcome;
import io.windlass.step.Effect;
import io.windlass.step.EffectResult;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs one pre-tool call as an effect: cache, time-outs, retries, and what a failure does. */
final class PreToolRun {
  private static final String TEXT = "text";
  private static final String USAGES = "usages";

  /** Failures of these kinds would only happen again. */
  private static final Set<ErrorCategory> LASTING =
      EnumSet.of(ErrorCategory.INVALID, ErrorCategory.FORBIDDEN, ErrorCategory.NOT_FOUND);

  private final PreTools.Pause pause;
  private final PreToolCache cache = new PreToolCache();

  PreToolRun(PreTools.Pause pause) {
    this.pause = pause;
  }

  /** The text for the variable, from the journal when the call has finished before. */
  JsonNode run(
      String scope,
      int index,
      PreToolPolicy policy,
      PreTool tool,
      ObjectNode fields,
      State state,
      StepContext context)
      throws Exception {
    String key = PreTools.EFFECTS + scope + index + ":" + policy.variable();
    String what = "pre-tool " + policy.type() + " for {" + policy.variable() + "}";
    Effect effect = tool.asksAfterCrash() ? Effect.asking(key, what) : Effect.repeatable(key, what);
    JsonNode got = context.perform(effect, () -> settled(policy, tool, fields, state, context));
    if (!(got instanceof ObjectNode told)) {
      return got;
    }
    for (JsonNode usage : told.path(USAGES)) {
      context.use(Json.MAPPER.treeToValue(usage, Usage.class));
    }
    return told.path(TEXT);
  }

  /** The text; with what the call has consumed, if that is known. */
  private EffectResult settled(
      PreToolPolicy policy, PreTool tool, ObjectNode fields, State state, StepContext context)
      throws Exception {
    UsageNotes notes = new UsageNotes(context);
    String text = settled(policy, tool, new PreToolCall(fields, state, notes, policy.timeout()));
    List<Usage> usages = notes.taken();
    return usages.isEmpty()
        ? new EffectResult(Json.text(text), Usage.NONE)
        : new EffectResult(
            Json.object().put(TEXT, text).set(USAGES, Json.tree(usages)),
            usages.stream().reduce(Usage.NONE, Usage::plus));
  }

  /** The tool's text, or what {@code on_error} puts in its place. */
  private String settled(PreToolPolicy policy, PreTool tool, PreToolCall call) throws Exception {
    try {
      return cached(policy, tool, call);
    } catch (InterruptedException | EarlyOutcome e) {
      throw e;
    } catch (Exception e) {
      String reason = reason(policy, e);
      call.context().log(LogLevel.WARN, told(policy) + " failed: " + reason);
      return switch (policy.onError()) {
        case INJECT -> "[PRE-TOOL ERROR: " + reason + "]";
        case SKIP -> "";
        case FAIL ->
            throw new WindlassException(
                ErrorCode.STEP_FAILED,
                "Pre-tool %s (inject_as \"%s\") failed: %s"
                    .formatted(policy.type(), policy.variable(), reason),
                e);
      };
    }
  }

  private String cached(PreToolPolicy policy, PreTool tool, PreToolCall call) throws Exception {
    if (policy.cacheFor().isZero() || !tool.cacheable()) {
      return tried(policy, tool, call);
    }
    String key = PreToolCache.key(call.fields(), call.state());
    Instant now = call.context().clock().instant();
    Optional<String> known = cache.find(key, now);
    if (known.isPresent()) {
      call.context().log(LogLevel.INFO, told(policy) + " answered from the cache");
      return known.get();
    }
    String text = tried(policy, tool, call);
    cache.put(key, text, now.plus(policy.cacheFor()));
    return text;
  }

  private String tried(PreToolPolicy policy, PreTool tool, PreToolCall call) throws Exception {
    for (String field : tool.required()) {
      if (!call.fields().hasNonNull(field)) {
        throw WindlassException.invalid(policy.type() + " needs \"" + field + "\"");
      }
    }
    for (int attempt = 1; ; attempt++) {
      long began = System.nanoTime();
      try {
        String text = bounded(policy, tool, call);
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        call.context()
            .log(
                LogLevel.INFO,
                "%s: %d characters in %d ms".formatted(told(policy), text.length(), millis));
        return text;
      } catch (InterruptedException | EarlyOutcome e) {
        throw e;
      } catch (Exception e) {
        if (attempt > policy.retries() || lasting(e)) {
          throw e;
        }
        Duration wait = Duration.ofSeconds(attempt);
        call.context()
            .log(
                LogLevel.WARN,
                "%s: attempt %d of %d failed, next in %d s: %s"
                    .formatted(
                        told(policy),
                        attempt,
                        policy.retries() + 1,
                        wait.toSeconds(),
                        reason(policy, e)));
        pause.take(wait);
      }
    }
  }

  /** One attempt on a thread of its own, interrupted when its time is up. */
  private static String bounded(PreToolPolicy policy, PreTool tool, PreToolCall call)
      throws Exception {
    try (Fork<String> fork = Fork.open("pre-tool-" + policy.type())) {
      fork.fork(() -> tool.run(call));
      return fork.join(policy.timeout()).getFirst();
    }
  }

  private static boolean lasting(Exception e) {
    return e instanceof WindlassException known && LASTING.contains(known.code().category());
  }

  private static String reason(PreToolPolicy policy, Exception e) {
    if (e instanceof TimeoutException) {
      return "%s took longer than %d ms; raise timeout_ms"
          .formatted(policy.type(), policy.timeout().toMillis());
    }
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  private static String told(PreToolPolicy policy) {
    String label = policy.label().equals(policy.type()) ? "" : " \"" + policy.label() + "\"";
    return "Pre-tool %s%s for {%s}".formatted(policy.type(), label, policy.variable());
  }
}
