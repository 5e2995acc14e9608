package io.windlass.engine;

import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.execution.Execution;
import io.windlass.execution.LocalExecutions;
import io.windlass.execution.StartRequest;
import io.windlass.kernel.ExecutionId;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleTarget;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Starts executions for schedules. */
final class ScheduledStarts implements ScheduleTarget {
  private static final String ORIGIN = "schedule";

  private final LocalExecutions executions;
  private final Definitions definitions;

  ScheduledStarts(LocalExecutions executions, Definitions definitions) {
    this.executions = executions;
    this.definitions = definitions;
  }

  @Override
  public Started start(Schedule schedule, @Nullable String key, @Nullable ExecutionId after) {
    StartRequest request =
        new StartRequest(
            schedule.kind(),
            schedule.name(),
            schedule.input(),
            ORIGIN,
            schedule.owner(),
            definitions.kind(schedule.kind()).publicIdPrefix(),
            key,
            null);
    Execution execution =
        after == null ? executions.start(request) : executions.startAfter(request, after);
    return new Started(execution.id(), execution.publicId());
  }

  @Override
  public boolean isUnderWay(ExecutionId id) {
    return executions
        .find(id.toString())
        .map(execution -> !execution.status().isFinal())
        .orElse(false);
  }

  @Override
  public void mustExist(String kind, String name) {
    find(kind, name);
  }

  /** A document that cannot be read is told of when it is run, as one that breaks later is. */
  @Override
  public void mustTake(String kind, String name, ObjectNode input) {
    Definition definition = find(kind, name);
    if (definition.fault() == null) {
      definitions.kind(kind).check(name, definition.source(), input);
    }
  }

  private Definition find(String kind, String name) {
    return definitions.find(kind, name).orElseThrow(() -> definitions.missing(kind, name));
  }
}
