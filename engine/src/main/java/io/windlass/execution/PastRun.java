package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import io.windlass.step.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution as figures need it.
 *
 * @param key which step of its parent started it and when, as {@code step/visit/key}; null when
 *     nobody's did
 * @param usage what its own steps consumed, without those of the executions that they started
 * @param steps as they stood when the execution last waited or ended, without outputs; none before
 */
public record PastRun(
    ExecutionId id,
    String publicId,
    String kind,
    String name,
    String owner,
    ExecutionStatus status,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable ExecutionId parent,
    @Nullable String key,
    Usage usage,
    List<StepView> steps) {
  public PastRun {
    steps = List.copyOf(steps);
  }

  /** Milliseconds from acceptance to the end; null while it has not ended. */
  public @Nullable Long durationMs() {
    return finishedAt == null ? null : finishedAt.toEpochMilli() - createdAt.toEpochMilli();
  }
}
