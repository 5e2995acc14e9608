package io.windlass.execution;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An execution with its steps.
 *
 * @param execution its row
 * @param steps every node of its flow, in the order of the document
 * @param lastNumber the journal number up to which this is told; a tail from here misses nothing
 * @param stopping that it was told to stop and has not ended; null otherwise
 */
public record ExecutionDetail(
    Execution execution, List<StepView> steps, long lastNumber, @Nullable StopRequest stopping) {
  public ExecutionDetail {
    steps = List.copyOf(steps);
  }

  /** One that nobody has told to stop. */
  public ExecutionDetail(Execution execution, List<StepView> steps, long lastNumber) {
    this(execution, steps, lastNumber, null);
  }
}
