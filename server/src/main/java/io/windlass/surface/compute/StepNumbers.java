package io.windlass.surface.compute;

import io.windlass.execution.StepView;
import io.windlass.workflow.WorkflowStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The numbers of an execution's steps: their own, else their places in the document from 1 on. */
final class StepNumbers {
  private final Map<String, Integer> numbers;

  StepNumbers(List<StepView> steps) {
    this.numbers = HashMap.newHashMap(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      String id = steps.get(i).id();
      int own = WorkflowStep.number(id);
      numbers.put(id, own > 0 ? own : i + 1);
    }
  }

  /** That of a step; 0 when there is no such step. */
  int of(String step) {
    return numbers.getOrDefault(step, 0);
  }
}
