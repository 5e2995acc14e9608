package io.windlass.surface.chains;

import io.javalin.http.Context;
import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.execution.StartRequest;
import io.windlass.http.Caller;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleDraft;
import io.windlass.schedule.ScheduleTarget;
import io.windlass.schedule.Schedules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Chains and pipelines started by the clock. */
final class ScheduleRoutes {
  private static final String ORIGIN = "schedule";
  private final Schedules schedules;
  private final Executions executions;
  private final AdmissionLimit limit;

  ScheduleRoutes(Schedules schedules, Executions executions, AdmissionLimit limit) {
    this.schedules = schedules;
    this.executions = executions;
    this.limit = limit;
  }

  void declare(Routes routes) {
    routes
        .get("/schedules", this::list)
        .post("/schedules", this::create)
        .get("/schedules/{id}", context -> context.json(json(find(context))))
        .put("/schedules/{id}", this::update)
        .patch("/schedules/{id}/toggle", this::toggle)
        .post("/schedules/{id}/run", this::run)
        .delete("/schedules/{id}", this::delete);
  }

  private void list(Context context) {
    context.json(
        schedules.list().stream()
            .filter(schedule -> ChainsSurface.KINDS.contains(schedule.kind()))
            .map(this::json)
            .toList());
  }

  private void create(Context context) {
    ObjectNode body = RequestBody.object(context);
    ScheduleDraft draft = draft(body, ChainsSurface.CHAIN);
    if (isBlank(draft.name()) || isBlank(draft.cron())) {
      throw WindlassException.invalid("chainName and cron are required");
    }
    try {
      Schedule made = schedules.create(draft, Caller.of(context).user());
      context.status(201).json(json(made));
    } catch (WindlassException e) {
      throw ExecutionRoutes.unknownIsBadInput(e);
    }
  }

  private void update(Context context) {
    Schedule schedule = find(context);
    ScheduleDraft draft = draft(RequestBody.object(context), null);
    try {
      context.json(json(schedules.update(schedule.id(), draft)));
    } catch (WindlassException e) {
      throw ExecutionRoutes.unknownIsBadInput(e);
    }
  }

  private void toggle(Context context) {
    context.json(json(schedules.toggle(find(context).id())));
  }

  /** The contract knows 400 alone for a schedule that cannot be run, an unknown one among them. */
  private void run(Context context) {
    try {
      ExecutionId started = schedules.runNow(find(context).id(), this::start);
      context.json(Map.of("executionId", executions.get(started).publicId()));
    } catch (WindlassException e) {
      boolean unknown = e.code().category() == ErrorCategory.NOT_FOUND;
      throw unknown ? new WindlassException(ErrorCode.INVALID_SCHEDULE, e.text(), e) : e;
    }
  }

  /** A client that starts it by hand is bound as one that starts its chain is; the clock is not. */
  private ScheduleTarget.Started start(Schedule schedule) {
    Execution started =
        executions.start(
            new StartRequest(
                schedule.kind(),
                schedule.name(),
                schedule.input(),
                ORIGIN,
                schedule.owner(),
                schedule.kind().equals(ChainsSurface.PIPELINE) ? ChainsSurface.PIPELINE_PREFIX : "",
                null,
                limit));
    return new ScheduleTarget.Started(started.id(), started.publicId());
  }

  private void delete(Context context) {
    schedules.delete(find(context).id());
    context.json(Map.of("ok", true));
  }

  private Schedule find(Context context) {
    String id = context.pathParam("id");
    return schedules
        .find(id)
        .filter(schedule -> ChainsSurface.KINDS.contains(schedule.kind()))
        .orElseThrow(() ->
            WindlassException.notFound(
                ErrorCode.SCHEDULE_NOT_FOUND, "Schedule %s not found".formatted(id)));
  }

  private static ScheduleDraft draft(ObjectNode body, @Nullable String defaultType) {
    String type = Fields.text(body, "type");
    if (type != null && !ChainsSurface.KINDS.contains(type)) {
      throw WindlassException.invalid("type must be chain or pipeline, not " + type);
    }
    Long lateness = Fields.number(body, "latenessMs");
    return new ScheduleDraft(
        Fields.text(body, "label"),
        type == null ? defaultType : type,
        Fields.text(body, "chainName"),
        Fields.object(body, "input"),
        Fields.text(body, "cron"),
        zone(Fields.text(body, "timezone")),
        Fields.flag(body, "enabled"),
        Fields.word(body, "overlap", Schedule.Overlap.class),
        Fields.word(body, "misfire", Schedule.Misfire.class),
        lateness == null ? null : Duration.ofMillis(lateness));
  }

  private static @Nullable ZoneId zone(@Nullable String timezone) {
    try {
      return timezone == null ? null : ZoneId.of(timezone);
    } catch (DateTimeException e) {
      throw new WindlassException(
          ErrorCode.INVALID_SCHEDULE,
          "timezone %s is unknown: use a name as Europe/Berlin or UTC".formatted(timezone),
          e);
    }
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private ScheduleJson json(Schedule schedule) {
    ExecutionId last = schedule.lastRun();
    return ScheduleJson.of(schedule, last == null ? null : status(last));
  }

  /** Null when the run has been cleared away. */
  private @Nullable String status(ExecutionId run) {
    return executions.find(run.toString()).map(Execution::status).map(Words::status).orElse(null);
  }
}
