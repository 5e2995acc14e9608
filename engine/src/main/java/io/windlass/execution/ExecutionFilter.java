package io.windlass.execution;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which executions to list; null and empty mean any.
 *
 * @param kinds definition kinds
 * @param name definition name
 * @param statuses statuses
 * @param owner user
 * @param createdAfter accepted at or after
 * @param createdBefore accepted before
 */
public record ExecutionFilter(
    Set<String> kinds,
    @Nullable String name,
    Set<ExecutionStatus> statuses,
    @Nullable String owner,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore) {
  public static final ExecutionFilter ALL =
      new ExecutionFilter(Set.of(), null, Set.of(), null, null, null);

  public ExecutionFilter {
    kinds = Set.copyOf(kinds);
    statuses = Set.copyOf(statuses);
  }

  public static ExecutionFilter ofKinds(Set<String> kinds) {
    return new ExecutionFilter(kinds, null, Set.of(), null, null, null);
  }
}
