package io.windlass.surface.unified;

import io.windlass.approval.Approvals;
import io.windlass.definition.Definitions;
import io.windlass.execution.Executions;
import io.windlass.schedule.Schedules;

/** What this surface asks of the engine. */
public record EnginePorts(
    Executions executions, Approvals approvals, Definitions definitions, Schedules schedules) {}
