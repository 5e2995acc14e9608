package io.windlass.surface.compute;

import java.time.Instant;
import java.util.List;

/**
 * The points from which the executions of workflows can go on, as far as a workspace lists them.
 */
@FunctionalInterface
public interface Checkpoints {
  /** Knows none. */
  Checkpoints NONE = (_, _) -> new Found(List.of(), 0);

  /** Newest first. */
  Found list(int limit, int offset);

  /**
   * A part of them.
   *
   * @param total how many there are in all
   */
  record Found(List<Checkpoint> checkpoints, long total) {
    public Found {
      checkpoints = List.copyOf(checkpoints);
    }
  }

  /**
   * One of them.
   *
   * @param executionId as clients know it
   * @param bytes the size of what it holds
   */
  record Checkpoint(String id, String executionId, Instant createdAt, long bytes) {}
}
