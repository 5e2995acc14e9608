package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.StartRequest;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleTarget;
import io.windlass.schedule.Schedules;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code /v1/schedules}: definitions started by the clock. */
final class ScheduleRoutes {
  private static final String ORIGIN = "schedule";
  private final EnginePorts engine;
  private final Schedules schedules;
  private final Map<String, KindRules> kinds;

  ScheduleRoutes(EnginePorts engine, Map<String, KindRules> kinds) {
    this.engine = engine;
    this.kinds = kinds;
    this.schedules = engine.schedules();
  }

  void declare(Routes routes) {
    String prefix = routes.prefix();
    routes
        .get("/v1/schedules", this::list)
        .post("/v1/schedules", context -> create(context, prefix))
        .get("/v1/schedules/{id}", context -> context.json(ScheduleJson.of(find(context))))
        .patch("/v1/schedules/{id}", this::update)
        .delete("/v1/schedules/{id}", this::delete)
        .post(
            "/v1/schedules/{id}/toggle",
            context -> context.json(ScheduleJson.of(schedules.toggle(find(context).id()))))
        .post("/v1/schedules/{id}/run", context -> run(context, prefix));
  }

  private void list(Context context) {
    Query query = new Query(context);
    int limit = query.limit();
    query.check();
    List<Schedule> mine =
        schedules.list().stream()
            .filter(one -> Access.sees(context, one.owner()))
            .sorted(Comparator.comparing(ScheduleRoutes::key))
            .toList();
    context.json(PageJson.cut(mine, ScheduleRoutes::key, query.cursor(), limit, ScheduleJson::of));
  }

  private static String key(Schedule one) {
    return "%019d".formatted(one.createdAt().toEpochMilli()) + one.id();
  }

  private void create(Context context, String prefix) {
    Schedule made =
        schedules.create(
            ScheduleJson.draft(RequestBody.object(context), true), Access.user(context));
    context
        .status(201)
        .header("Location", prefix + "/v1/schedules/" + made.id())
        .json(ScheduleJson.of(made));
  }

  private void update(Context context) {
    Schedule one = find(context);
    context.json(
        ScheduleJson.of(
            schedules.update(one.id(), ScheduleJson.draft(RequestBody.object(context), false))));
  }

  private void delete(Context context) {
    Schedule one = find(context);
    if (!schedules.delete(one.id())) {
      throw unknown(one.id());
    }
    context.status(204);
  }

  private void run(Context context, String prefix) {
    ExecutionId started = schedules.runNow(find(context).id(), this::start);
    ExecutionRoutes.answer(context, prefix, 201, engine.executions().get(started));
  }

  /** A client that starts it by hand is bound as one that starts what it runs; the clock is not. */
  private ScheduleTarget.Started start(Schedule schedule) {
    String kind = schedule.kind();
    Execution started =
        engine
            .executions()
            .start(
                new StartRequest(
                    kind,
                    schedule.name(),
                    schedule.input(),
                    ORIGIN,
                    schedule.owner(),
                    engine.definitions().kind(kind).publicIdPrefix(),
                    null,
                    KindRules.limit(kinds, kind, schedule.owner())));
    return new ScheduleTarget.Started(started.id(), started.publicId());
  }

  private Schedule find(Context context) {
    String id = context.pathParam("id");
    return schedules
        .find(id)
        .filter(found -> Access.sees(context, found.owner()))
        .orElseThrow(() -> unknown(id));
  }

  private static WindlassException unknown(String id) {
    return new WindlassException(
        ErrorCode.SCHEDULE_NOT_FOUND,
        "No schedule has the id '" + id + "': GET /v1/schedules lists them");
  }
}
