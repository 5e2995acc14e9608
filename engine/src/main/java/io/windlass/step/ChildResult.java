package io.windlass.step;

import io.windlass.kernel.ExecutionId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a child execution ended.
 *
 * @param execution its id
 * @param publicId its public id
 * @param succeeded whether it succeeded
 * @param result its result when it succeeded
 * @param error why not, when it did not
 * @param usage what its own steps consumed; null where that was not kept
 */
public record ChildResult(
    ExecutionId execution,
    String publicId,
    boolean succeeded,
    JsonNode result,
    @Nullable String error,
    @Nullable Usage usage) {
  /** What a parent is told of a cancelled child; who it was stands in the child's own record. */
  public static final String CANCELLED = "Cancelled by user";

  /** One whose consumption is not known. */
  public ChildResult(
      ExecutionId execution,
      String publicId,
      boolean succeeded,
      JsonNode result,
      @Nullable String error) {
    this(execution, publicId, succeeded, result, error, null);
  }
}
