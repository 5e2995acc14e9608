package io.windlass.budget;

import io.windlass.kernel.ExecutionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a model call comes from.
 *
 * @param owner the user who pays
 * @param execution the execution; null for a call outside of any
 * @param line the definitions that run: the calling one, and those it is a step of, outermost last
 * @param root the outermost execution's id, which the windows of single executions go by
 */
public record Origin(
    String owner, @Nullable ExecutionId execution, List<Running> line, String root) {
  public Origin {
    line = List.copyOf(line);
  }

  /**
   * The outermost execution's id.
   *
   * @throws IllegalArgumentException outside of any execution
   */
  ExecutionId outermost() {
    return ExecutionId.parse(root);
  }

  /** A definition. */
  public record Running(String kind, String name) {}
}
