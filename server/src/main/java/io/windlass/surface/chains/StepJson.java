package io.windlass.surface.chains;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.StepView;
import io.windlass.kernel.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A step of an execution on the wire. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StepJson(
    String stepId,
    String status,
    @Nullable String output,
    @Nullable String error,
    @Nullable String startedAt,
    @Nullable String finishedAt,
    @Nullable Long durationMs,
    @Nullable Long inputTokens,
    @Nullable Long outputTokens) {

  /** All steps by id, in the order of the document, those to come among them. */
  static Map<String, StepJson> all(ExecutionDetail detail) {
    Map<String, StepJson> steps = new LinkedHashMap<>();
    for (StepView step : detail.steps()) {
      steps.put(step.id(), of(step, detail));
    }
    return steps;
  }

  private static StepJson of(StepView step, ExecutionDetail detail) {
    boolean used = !step.usage().isNone();
    return new StepJson(
        step.id(),
        Words.status(step.status(), detail.execution().status()),
        step.output() == null ? null : Json.show(step.output()),
        step.error(),
        Words.instant(step.startedAt()),
        Words.instant(step.finishedAt()),
        step.durationMs(),
        used ? step.usage().inputTokens() : null,
        used ? step.usage().outputTokens() : null);
  }
}
