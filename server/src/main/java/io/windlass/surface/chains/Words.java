package io.windlass.surface.chains;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The words that this surface's contract has for states, ends and times. */
final class Words {
  static final String CANCELLED = "Cancelled by user";
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Words() {}

  static String status(ExecutionStatus status) {
    return switch (status) {
      case QUEUED -> "pending";
      case RUNNING, WAITING -> "running";
      case SUCCEEDED -> "done";
      case FAILED, CANCELLED -> "error";
    };
  }

  /** A step that an ended execution left unfinished counts as skipped, begun or not. */
  static String status(StepStatus step, ExecutionStatus execution) {
    return switch (step) {
      case PENDING -> execution.isFinal() ? "skipped" : "pending";
      case RUNNING, WAITING -> execution.isFinal() ? "skipped" : "running";
      case DONE -> "done";
      case SKIPPED, CANCELLED -> "skipped";
      case FAILED -> "error";
    };
  }

  static @Nullable String error(Execution execution) {
    return execution.status() == ExecutionStatus.CANCELLED ? CANCELLED : execution.error();
  }

  /** How events and lists name what is run: pipelines are marked as such. */
  static String chainName(String kind, String name) {
    return kind.equals(ChainsSurface.PIPELINE) ? "pipeline:" + name : name;
  }

  /** As {@code 2026-03-29T14:00:00.000Z}. */
  static @Nullable String instant(@Nullable Instant instant) {
    return instant == null ? null : MILLIS.format(instant);
  }
}
