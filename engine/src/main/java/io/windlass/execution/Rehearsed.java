package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.journal.Entry;
import io.windlass.kernel.ExecutionId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a rehearsed execution went.
 *
 * @param id its id, which nobody keeps
 * @param kind the definition's kind
 * @param name the definition's name
 * @param flow what it compiled to
 * @param status how it ended
 * @param result its result; null when it did not succeed
 * @param error why it did not succeed; null when it did
 * @param steps each step with its output, in the order of the document
 * @param entries everything that happened
 * @param children the executions that it started, by the id of the step
 */
public record Rehearsed(
    ExecutionId id,
    String kind,
    String name,
    Flow flow,
    ExecutionStatus status,
    @Nullable JsonNode result,
    @Nullable String error,
    List<StepView> steps,
    List<Entry> entries,
    Map<String, List<Rehearsed>> children) {
  public Rehearsed {
    steps = List.copyOf(steps);
    entries = List.copyOf(entries);
    children = Map.copyOf(children);
  }
}
