package io.windlass.execution;

import java.util.List;

/**
 * An execution with its steps.
 *
 * @param execution its row
 * @param steps every node of its flow, in the order of the document
 * @param lastNumber the journal number up to which this is told; a tail from here misses nothing
 */
public record ExecutionDetail(Execution execution, List<StepView> steps, long lastNumber) {
  public ExecutionDetail {
    steps = List.copyOf(steps);
  }
}
