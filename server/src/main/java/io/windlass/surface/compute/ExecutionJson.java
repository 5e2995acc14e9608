package io.windlass.surface.compute;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.kernel.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How this surface shows executions and their steps. */
final class ExecutionJson {
  private static final String TIMEOUT = "TimeoutError";

  private ExecutionJson() {}

  static long count(ExecutionDetail detail, String word) {
    return detail.steps().stream().filter(step -> status(detail, step, null).equals(word)).count();
  }

  /** The word for where a step stands. */
  static String status(ExecutionDetail detail, StepView step, StepStory.@Nullable Told told) {
    if (step.status() == StepStatus.RUNNING && told != null && told.retryingSince != null) {
      return "retrying";
    }
    return Words.status(step.status(), detail.execution().status());
  }

  /** Why an execution did not succeed; null when it did, or has not ended. */
  static JsonNode error(Execution execution, ExecutionDetail detail) {
    String message = String.valueOf(execution.error());
    return switch (execution.status()) {
      case CANCELLED -> cancelled(message);
      case FAILED -> failed(message, cause(message, detail.steps()));
      case QUEUED, RUNNING, WAITING, SUCCEEDED -> Json.tree(null);
    };
  }

  /** An error as one that was cancelled has it. */
  static ObjectNode cancelled(String message) {
    return error("ExecutionError", message).put("code", "ERR_EXEC_003");
  }

  /** A step that failed, after so many retries. */
  record FailedStep(int number, String error, int retries) {}

  /** An error as one that failed has it; without a step where none failed it. */
  static ObjectNode failed(String message, @Nullable FailedStep step) {
    return step == null
        ? error(type(message, "ExecutionError"), message)
        : error(
                type(step.error(), "StepExecutionError"),
                "Step %d failed: %s".formatted(step.number(), step.error()))
            .put("step_number", step.number())
            .put("retry_count", step.retries());
  }

  /** Of several steps that failed, the one whose error the run ended with. */
  private static @Nullable FailedStep cause(String message, List<StepView> steps) {
    StepView cause = null;
    for (StepView step : steps) {
      if (step.status() == StepStatus.FAILED
          && (cause == null || (message.equals(step.error()) && !message.equals(cause.error())))) {
        cause = step;
      }
    }
    return cause == null
        ? null
        : new FailedStep(
            new StepNumbers(steps).of(cause.id()),
            String.valueOf(cause.error()),
            Math.max(0, cause.attempts() - 1));
  }

  static ObjectNode error(String type, String message) {
    ObjectNode error = Json.object().put("type", type).put("message", message);
    return type.equals(TIMEOUT) ? error.put("code", "ERR_EXEC_002") : error;
  }

  /** The type of an error: running out of time has one of its own. */
  static String type(String message, String otherwise) {
    return message.startsWith("Timed out") ? TIMEOUT : otherwise;
  }

  /**
   * When a step ran: all of its visits.
   *
   * @param to null before its end
   * @param seconds how long the visits took, from the beginning to the end of each
   */
  record Span(@Nullable Instant from, @Nullable Instant to, @Nullable Double seconds) {}

  /** What was cut off ended with its execution. */
  static Span span(ExecutionDetail detail, StepView step, StepStory.Told told) {
    Instant began = step.startedAt();
    Instant to = step.finishedAt();
    Long last = step.durationMs();
    boolean cutOff = to == null && began != null && detail.execution().status().isFinal();
    if (cutOff) {
      to = detail.execution().finishedAt();
      last = to == null ? null : Duration.between(began, to).toMillis();
    }
    if (to == null || last == null) {
      return new Span(began, null, null);
    }
    if (step.visits() < 2) {
      return new Span(began, to, Words.seconds(last));
    }
    Instant from = told.firstStartedAt == null ? began : told.firstStartedAt;
    return new Span(from, to, Words.seconds(told.millis + (cutOff ? last : 0)));
  }

  /** A step as the executions' own list has it. */
  static ObjectNode step(
      String digits,
      ExecutionDetail detail,
      StepView step,
      int number,
      StepStory.Told told,
      StepTimes times) {
    String status = status(detail, step, told);
    Span span = span(detail, step, told);
    ObjectNode json =
        Json.object()
            .put("step_execution_id", stepId(digits, number))
            .put("step_number", number)
            .put("step_name", step.label())
            .put("status", status)
            .put("started_at", Words.instantOrNull(span.from()));
    if (span.to() != null) {
      json.put("completed_at", Words.instant(span.to())).put("duration_seconds", span.seconds());
    }
    Double expected = times.of(number);
    if ((status.equals("running") || status.equals("retrying"))
        && expected != null
        && step.startedAt() != null) {
      json.put(
          "estimated_completion",
          Words.instant(step.startedAt().plusMillis((long) (expected * 1000))));
    }
    json.put("retry_count", told.retries)
        .put("llm_calls", told.calls.size())
        .put("tokens_used", told.tokens())
        .put("cost_usd", told.cost());
    if (step.error() != null) {
      json.set("error", error(type(step.error(), "StepExecutionError"), step.error()));
    }
    return json;
  }

  static String stepId(String digits, int number) {
    return "stepexec_" + digits + "_" + number;
  }

  /** What models were called for. */
  static ObjectNode calls(List<ModelCall> calls) {
    Map<String, Long> byModel =
        calls.stream()
            .collect(Collectors.groupingBy(ModelCall::model, TreeMap::new, Collectors.counting()));
    BigDecimal cost = StepStory.cost(calls);
    return Json.object()
        .put("total", calls.size())
        .set("by_model", Json.tree(byModel))
        .put("total_tokens", calls.stream().mapToLong(ModelCall::totalTokens).sum())
        .put("estimated_cost_usd", cost);
  }
}
