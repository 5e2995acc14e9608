package io.windlass.surface.unified;

import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.Json;
import io.windlass.step.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Journal entries on the wire: {@code number}, {@code at}, {@code type}, and the type's own. */
final class EventJson {
  private final ObjectNode json = Json.object();

  private EventJson() {}

  static ObjectNode of(Entry entry) {
    return of(entry, entry.event());
  }

  /** An entry of which something else is shown than what it holds. */
  static ObjectNode of(Entry entry, Event shown) {
    EventJson event = new EventJson();
    event.json.put("number", entry.number());
    event.json.put("at", entry.at().toString());
    return event.fill(shown).json;
  }

  /** A piece of output that is not in the journal yet. */
  static ObjectNode live(Event.StepOutput output) {
    return new EventJson().fill(output).put("live", true).json;
  }

  private EventJson fill(Event event) {
    return switch (event) {
      case Event.OfStep ofStep -> step(ofStep);
      case Event.ExecutionStarted e ->
          type("execution_started")
              .put("kind", e.kind())
              .put("name", e.name())
              .put("state", tree(e.state()));
      case Event.ExecutionTaken e ->
          type("execution_taken")
              .put("epoch", e.epoch())
              .put("node", e.node())
              .put("reason", e.reason())
              .put("reset", e.reset());
      case Event.ExecutionStopping e -> type("execution_stopping").put("by", e.by());
      case Event.ExecutionWaiting _ -> type("execution_waiting");
      case Event.ExecutionSucceeded e -> type("execution_succeeded").put("result", e.result());
      case Event.ExecutionFailed e -> type("execution_failed").put("error", e.error());
      case Event.ExecutionCancelled e -> type("execution_cancelled").put("by", e.by());
    };
  }

  private EventJson step(Event.OfStep event) {
    return switch (event) {
      case Event.StepStarted e ->
          type("step_started", e).put("visit", e.visit()).put("label", e.label());
      case Event.StepOutput e ->
          type("step_output", e)
              .put("attempt", e.attempt())
              .put("offset", e.offset())
              .put("text", e.text());
      case Event.StepLog e ->
          type("step_log", e).put("level", Words.of(e.level())).put("message", e.message());
      case Event.StepCacheHit e -> type("step_cache_hit", e);
      case Event.StepRetried e ->
          type("step_retried", e)
              .put("failed_attempt", e.failedAttempt())
              .put("error", e.error())
              .put("delay_ms", e.delayMs());
      case Event.StepDone e ->
          type("step_done", e)
              .put("visit", e.visit())
              .put("attempt", e.attempt())
              .put("output", e.output())
              .put("set", tree(e.set()))
              .put("close", tree(e.close()))
              .put("duration_ms", e.durationMs())
              .usage(e.usage());
      case Event.StepSkipped e ->
          type("step_skipped", e)
              .put("reason", e.reason())
              .put("end", e.end())
              .put("closed", e.closed());
      case Event.StepFailed e ->
          type("step_failed", e)
              .put("visit", e.visit())
              .put("error", e.error())
              .put("duration_ms", e.durationMs())
              .usage(e.usage());
      case Event.EffectBegun e ->
          type("effect_begun", e)
              .put("key", e.key())
              .put("what", e.what())
              .put("on_recovery", Words.of(e.onRecovery()));
      case Event.EffectDone e ->
          type("effect_done", e).put("key", e.key()).put("result", e.result()).usage(e.usage());
      case Event.EffectFailed e ->
          type("effect_failed", e).put("key", e.key()).put("error", e.error());
      case Event.ApprovalAsked e ->
          type("approval_asked", e)
              .put("key", e.key())
              .put("approval", e.approval().toString())
              .put("kind", e.kind())
              .put("prompt", e.prompt())
              .put("expires_at", e.expiresAt() == null ? null : e.expiresAt().toString());
      case Event.ApprovalAnswered e ->
          type("approval_answered", e)
              .put("key", e.key())
              .put("approval", e.approval().toString())
              .put("choice", e.choice())
              .put("by", e.by())
              .put("reason", e.reason())
              .put("answered_at", e.at().toString())
              .put("expired", e.expired());
      case Event.ChildStarted e ->
          type("child_started", e)
              .put("key", e.key())
              .put("child", e.child().toString())
              .put("public_id", e.publicId())
              .put("kind", e.kind())
              .put("name", e.name());
      case Event.ChildEnded e ->
          type("child_ended", e)
              .put("key", e.key())
              .put("child", e.child().toString())
              .put("succeeded", e.succeeded())
              .put("result", e.result())
              .put("error", e.error());
      case Event.SleepBegun e ->
          type("sleep_begun", e).put("key", e.key()).put("until", e.until().toString());
      case Event.SleepEnded e -> type("sleep_ended", e).put("key", e.key());
      case Event.RunAgainAsked e ->
          type("run_again_asked", e)
              .put("key", e.key())
              .put("target", e.target())
              .put("with", Json.tree(e.with()))
              .put("keep", e.keep());
    };
  }

  private EventJson type(String name) {
    return put("type", name);
  }

  private EventJson type(String name, Event.OfStep event) {
    return type(name).put("step", event.step());
  }

  private EventJson usage(@Nullable Usage usage) {
    return put("usage", usage == null ? null : Json.tree(UsageJson.of(usage)));
  }

  private EventJson put(String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
    return this;
  }

  private EventJson put(String name, long value) {
    json.put(name, value);
    return this;
  }

  private EventJson put(String name, boolean value) {
    json.put(name, value);
    return this;
  }

  private EventJson put(String name, @Nullable JsonNode value) {
    if (value != null) {
      json.set(name, value);
    }
    return this;
  }

  private static @Nullable JsonNode tree(@Nullable Object value) {
    return value == null || (value instanceof Map<?, ?> map && map.isEmpty())
        ? null
        : Json.tree(value);
  }
}
