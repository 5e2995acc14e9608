package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the stream of an execution tells, in the words of the chains or of the unified surface. */
sealed interface RunEvent {
  /** The execution began, or went on after a resume. */
  record Started(String execution, String chain) implements RunEvent {}

  /** A step began. */
  record StepStarted(String step, String label) implements RunEvent {}

  /** A piece of a step's output. */
  record StepOutput(String step, String chunk) implements RunEvent {}

  /** A step ended well, or was skipped. */
  record StepDone(
      String step,
      @Nullable Long durationMs,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens)
      implements RunEvent {}

  /** A step was left out. */
  record StepSkipped(String step, String reason) implements RunEvent {}

  /** A step failed. */
  record StepFailed(String step, String error) implements RunEvent {}

  /** A remark. */
  record StepLog(String step, String level, String message) implements RunEvent {}

  /** A step was answered from the cache. */
  record CacheHit(String step) implements RunEvent {}

  /**
   * A step asks a person; the chains surface gives its questions no ids.
   *
   * @param child the execution below that asks; empty when it is the one that is followed
   */
  record Asked(String step, String approval, String prompt, String child) implements RunEvent {}

  /** A person answered what a child had asked. */
  record ChildAnswered(String step, String approval, String action, String reason)
      implements RunEvent {}

  /** A person answered. */
  record Answered(String step, String action, String reason) implements RunEvent {}

  /** The execution succeeded. */
  record Succeeded(String result, @Nullable Long durationMs) implements RunEvent {}

  /** The execution failed or was cancelled. */
  record Failed(String error) implements RunEvent {}

  /** A type of a newer server; not shown. */
  record Other(String type) implements RunEvent {}

  static RunEvent of(JsonNode event) {
    String type = Documents.text(event, "type");
    String step = text(event, "stepId", "step");
    return switch (type) {
      case "execution_started" ->
          new Started(text(event, "executionId", "execution_id"), text(event, "chainName", "name"));
      case "step_started" -> {
        String label = Documents.text(event, "label");
        yield new StepStarted(step, label.isEmpty() ? step : label);
      }
      case "step_output" -> new StepOutput(step, text(event, "chunk", "text"));
      case "step_done" -> done(step, event);
      case "step_skipped" -> new StepSkipped(step, Documents.text(event, "reason"));
      case "step_error", "step_failed" -> new StepFailed(step, Documents.text(event, "error"));
      case "step_retried" ->
          new StepLog(step, "warn", "tried again after: " + event.path("error").asString(""));
      case "step_log" ->
          new StepLog(step, Documents.text(event, "level"), Documents.text(event, "message"));
      case "step_cache_hit" -> new CacheHit(step);
      case "step_waiting_approval", "approval_asked" ->
          new Asked(step, Documents.text(event, "approval"), Documents.text(event, "prompt"), "");
      case "gate_action", "approval_answered" ->
          new Answered(step, text(event, "action", "choice"), Documents.text(event, "reason"));
      case "execution_done", "execution_succeeded" ->
          new Succeeded(
              Documents.text(event, "result"), number(event, "durationMs", "duration_ms"));
      case "execution_error", "execution_failed" -> new Failed(Documents.text(event, "error"));
      case "execution_cancelled" -> new Failed("Cancelled by " + Documents.text(event, "by"));
      default -> new Other(type);
    };
  }

  private static StepDone done(String step, JsonNode event) {
    JsonNode usage = event.has("usage") ? event.get("usage") : event;
    return new StepDone(
        step,
        number(event, "durationMs", "duration_ms"),
        number(usage, "inputTokens", "input_tokens"),
        number(usage, "outputTokens", "output_tokens"));
  }

  private static String text(JsonNode event, String field, String other) {
    return Documents.text(event, event.has(field) ? field : other);
  }

  private static @Nullable Long number(JsonNode event, String field, String other) {
    return Documents.number(event, event.has(field) ? field : other);
  }
}
