package io.windlass.surface.unified;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.StepView;
import io.windlass.execution.StopRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ObjectNode;

/** An execution on the wire: its row with input and result. */
@JsonNaming(SnakeCaseStrategy.class)
record ExecutionJson(@JsonUnwrapped Summary summary, ObjectNode input, @Nullable JsonNode result) {

  static ExecutionJson of(Execution one) {
    return new ExecutionJson(Summary.of(one), one.input(), one.result());
  }

  /** What a list shows of it. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Summary(
      String id,
      String publicId,
      String kind,
      String name,
      String versionId,
      String status,
      String origin,
      String owner,
      @Nullable String error,
      UsageJson usage,
      Instant createdAt,
      @Nullable Instant finishedAt,
      @Nullable Long durationMs,
      @Nullable String parentId,
      @Nullable String rerunOf) {

    static Summary of(Execution one) {
      return new Summary(
          one.id().toString(),
          one.publicId(),
          one.kind(),
          one.name(),
          one.versionId().toString(),
          Words.of(one.status()),
          one.origin(),
          one.owner(),
          one.error(),
          UsageJson.of(one.usage()),
          one.createdAt(),
          one.finishedAt(),
          one.durationMs(),
          one.parent() == null ? null : one.parent().toString(),
          one.rerunOf() == null ? null : one.rerunOf().toString());
    }
  }

  /** An execution with its steps. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Detail(
      @JsonUnwrapped ExecutionJson execution,
      @Nullable Integer version,
      long epoch,
      @Nullable String node,
      long lastEvent,
      @Nullable StoppingJson stopping,
      List<StepJson> steps) {

    static Detail of(ExecutionDetail detail, @Nullable Integer version) {
      Execution one = detail.execution();
      return new Detail(
          ExecutionJson.of(one),
          version,
          one.epoch(),
          one.node(),
          detail.lastNumber(),
          StoppingJson.of(detail.stopping()),
          detail.steps().stream().map(StepJson::of).toList());
    }
  }

  /** That it begins nothing more, while what runs comes to its end. */
  @JsonNaming(SnakeCaseStrategy.class)
  record StoppingJson(String by, Instant at) {

    static @Nullable StoppingJson of(@Nullable StopRequest stopping) {
      return stopping == null ? null : new StoppingJson(stopping.by(), stopping.at());
    }
  }

  /** One step of an execution. */
  @JsonNaming(SnakeCaseStrategy.class)
  record StepJson(
      String id,
      String label,
      String kind,
      String status,
      int visits,
      int attempts,
      @Nullable JsonNode output,
      @Nullable String error,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Long durationMs,
      UsageJson usage) {

    static StepJson of(StepView step) {
      return new StepJson(
          step.id(),
          step.label(),
          step.kind(),
          Words.of(step.status()),
          step.visits(),
          step.attempts(),
          step.output(),
          step.error(),
          step.startedAt(),
          step.finishedAt(),
          step.durationMs(),
          UsageJson.of(step.usage()));
    }
  }
}
