package io.windlass.surface.compute;

import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The words that this surface's contract has for states and times. */
final class Words {
  private Words() {}

  static String status(ExecutionStatus status) {
    return switch (status) {
      case QUEUED -> "initializing";
      case RUNNING -> "running";
      case WAITING -> "paused";
      case SUCCEEDED -> "completed";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
    };
  }

  /** What an ended execution left unfinished was cancelled with it. */
  static String status(StepStatus step, ExecutionStatus execution) {
    return switch (step) {
      case PENDING -> execution.isFinal() ? "skipped" : "pending";
      case RUNNING, WAITING -> execution.isFinal() ? "cancelled" : "running";
      case DONE -> "completed";
      case SKIPPED -> "skipped";
      case CANCELLED -> execution == ExecutionStatus.SUCCEEDED ? "skipped" : "cancelled";
      case FAILED -> "failed";
    };
  }

  /** As {@code 2025-10-24T12:00:00Z}: clients of this API read whole seconds. */
  static String instant(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static @Nullable String instantOrNull(@Nullable Instant instant) {
    return instant == null ? null : instant(instant);
  }

  static double seconds(long millis) {
    return Math.max(0, millis) / 1000.0;
  }
}
