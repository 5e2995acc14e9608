package io.windlass.surface.unified;

import io.windlass.http.Caller;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.Schedules;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tools that keep what the clock starts. */
final class McpScheduleTools {
  private final Schedules schedules;

  McpScheduleTools(McpTools tools) {
    this.schedules = tools.engine().schedules();
  }

  List<McpTool> tools() {
    McpSchemas id =
        McpSchemas.of("schedule_id", "string", "The schedule's id, as list_schedules shows it");
    return List.of(
        McpTool.reads(
            "list_schedules",
            "Lists what the clock starts, with the next and the last run of each.",
            McpSchemas.none(),
            (caller, arguments) -> {
              arguments.check();
              return Map.of(
                  "schedules",
                  schedules.list().stream()
                      .filter(one -> McpTools.sees(caller, one.owner()))
                      .map(ScheduleJson::of)
                      .toList());
            }),
        McpTool.changes(
            "create_schedule",
            "Lets the clock start a chain, or a definition of another kind.",
            McpSchemas.of("name", "string", "What is started: the chain's name")
                .and(
                    "cron", "string", "Minute, hour, day of month, month, day of week: 0 8 * * 1-5")
                .maybe("kind", "string", "The kind of what is started; chain without it")
                .maybe("input", "object", "What each run gets")
                .maybe("label", "string", "A name for people")
                .maybe("time_zone", "string", "As Europe/Brussels; that of the server without it")
                .maybe("enabled", "boolean", "false keeps it quiet; true without it"),
            this::create),
        McpTool.destroys(
            "delete_schedule",
            "Deletes a schedule. Runs that it started go on.",
            id,
            (caller, arguments) -> {
              Schedule one = find(caller, arguments);
              schedules.delete(one.id());
              return McpTool.done("The schedule " + one.label() + " is deleted");
            }),
        McpTool.changes(
            "toggle_schedule",
            "Turns a schedule on or off.",
            id,
            (caller, arguments) ->
                ScheduleJson.of(schedules.toggle(find(caller, arguments).id()))));
  }

  private Object create(Caller caller, Fields arguments) {
    ObjectNode body = Json.object();
    for (String field : List.of("name", "cron", "kind", "input", "label", "time_zone", "enabled")) {
      JsonNode value = arguments.any(field);
      if (value != null) {
        body.set(field, value);
      }
    }
    if (!body.has("kind")) {
      body.put("kind", "chain");
    }
    return ScheduleJson.of(schedules.create(ScheduleJson.draft(body, true), caller.user()));
  }

  private Schedule find(Caller caller, Fields arguments) {
    String id = arguments.required("schedule_id");
    arguments.check();
    return schedules
        .find(id)
        .filter(found -> McpTools.sees(caller, found.owner()))
        .orElseThrow(() ->
            new WindlassException(
                ErrorCode.SCHEDULE_NOT_FOUND,
                "No schedule has the id \"" + id + "\": list_schedules shows them"));
  }
}
