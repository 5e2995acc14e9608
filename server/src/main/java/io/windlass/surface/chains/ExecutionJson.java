package io.windlass.surface.chains;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.kernel.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An execution on the wire; in lists without input, result and outputs, but with its files. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ExecutionJson(
    String id,
    String chainName,
    String status,
    @Nullable ObjectNode input,
    Map<String, StepJson> steps,
    @Nullable String result,
    @Nullable String error,
    @Nullable List<String> files,
    @Nullable String startedAt,
    @Nullable String finishedAt,
    @Nullable Long durationMs) {

  static ExecutionJson whole(ExecutionDetail detail) {
    Execution execution = detail.execution();
    String result = execution.result() == null ? null : Json.show(execution.result());
    return of(detail, execution.input(), result, null);
  }

  static ExecutionJson summary(ExecutionDetail detail, List<String> files) {
    return of(detail, null, null, files);
  }

  private static ExecutionJson of(
      ExecutionDetail detail,
      @Nullable ObjectNode input,
      @Nullable String result,
      @Nullable List<String> files) {
    Execution execution = detail.execution();
    return new ExecutionJson(
        execution.publicId(),
        Words.chainName(execution.kind(), execution.name()),
        Words.status(execution.status()),
        input,
        StepJson.all(detail),
        result,
        Words.error(execution),
        files,
        Words.instant(execution.createdAt()),
        Words.instant(execution.finishedAt()),
        execution.durationMs());
  }
}
