package io.windlass.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands for schedules; by itself it lists them. */
@Command(
    name = "schedules",
    description = "List, make, change, turn on and off, run and delete schedules.",
    footer = {
      "",
      "Example:",
      "  windlass schedules create repo-health --cron '0 7 * * 1-5' -i path=/srv/app"
    })
final class SchedulesCommand extends RemoteCommand {
  private static final String PATH = "/v1/schedules";

  SchedulesCommand(Terminal terminal) {
    super(terminal);
  }

  /** With the commands below it. */
  static CommandLine line(Terminal terminal) {
    return new CommandLine(new SchedulesCommand(terminal))
        .addSubcommand(new ListAll(terminal))
        .addSubcommand(new Create(terminal))
        .addSubcommand(new Update(terminal))
        .addSubcommand(new Toggle(terminal))
        .addSubcommand(new Run(terminal))
        .addSubcommand(new Delete(terminal));
  }

  @Override
  public Integer call() {
    return list(this);
  }

  private static int list(RemoteCommand command) {
    var all = Documents.array();
    String cursor = "";
    do {
      JsonNode page =
          command
              .unified()
              .get(
                  PATH + "?limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + Http.escape(cursor)));
      page.path("items").forEach(all::add);
      cursor = Documents.text(page, "next_cursor");
    } while (!cursor.isEmpty());
    Table table = new Table("ID", "LABEL", "RUNS", "CRON", "ZONE", "ON", "NEXT", "LAST");
    for (JsonNode schedule : all) {
      table.row(
          Documents.text(schedule, "id"),
          Documents.text(schedule, "label"),
          Documents.text(schedule, "kind") + " " + Documents.text(schedule, "name"),
          Documents.text(schedule, "cron"),
          Documents.text(schedule, "time_zone"),
          schedule.path("enabled").asBoolean(false) ? "yes" : "no",
          Documents.text(schedule, "next_run_at"),
          Documents.text(schedule, "last_run_at"));
    }
    command.answer(all, table.isEmpty() ? "No schedules" : table.text());
    return ExitCode.OK;
  }

  private static String line(JsonNode schedule) {
    boolean on = schedule.path("enabled").asBoolean(false);
    String next = Documents.text(schedule, "next_run_at");
    return Documents.text(schedule, "id")
        + (on ? "  on" : "  off")
        + (next.isEmpty() ? "" : ", next " + next);
  }

  /** {@code schedules list}. */
  @Command(
      name = "list",
      description = "List the schedules.",
      footer = {"", "Example:", "  windlass schedules list --json"})
  static final class ListAll extends RemoteCommand {
    ListAll(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      return list(this);
    }
  }

  /** {@code schedules create}. */
  @Command(
      name = "create",
      description = "Start a chain, pipeline, graph or workflow by the clock.",
      footer = {
        "",
        "Example:",
        "  windlass schedules create repo-health --cron '0 7 * * 1-5' --zone Europe/Brussels"
      })
  static final class Create extends RemoteCommand {
    @Parameters(paramLabel = "NAME", description = "What to run.")
    private String name = "";

    @Mixin private final ScheduleFields fields = new ScheduleFields();

    Create(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var draft = fields.draft(terminal).put("name", name);
      if (!draft.has("kind")) {
        draft.put("kind", "chain");
      }
      if (!draft.has("cron")) {
        throw CliException.usage("--cron is needed, as --cron '0 7 * * 1-5'");
      }
      Http unified = unified();
      fields.type(draft, unified, () -> draft);
      JsonNode schedule = unified.post(PATH, draft);
      answer(schedule, line(schedule));
      return ExitCode.OK;
    }
  }

  /** What is done to one schedule. */
  abstract static class OfOne extends RemoteCommand {
    @Parameters(paramLabel = "ID", description = "The schedule.")
    String id = "";

    OfOne(Terminal terminal) {
      super(terminal);
    }

    int tell(JsonNode schedule) {
      answer(schedule, line(schedule));
      return ExitCode.OK;
    }
  }

  /** {@code schedules update}. */
  @Command(
      name = "update",
      description = "Change what is given, and nothing else.",
      footer = {"", "Example:", "  windlass schedules update sched_1a2b --cron '30 7 * * *'"})
  static final class Update extends OfOne {
    @Option(names = "--name", paramLabel = "NAME", description = "What to run.")
    private @Nullable String name;

    @Mixin private final ScheduleFields fields = new ScheduleFields();

    Update(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var draft = fields.draft(terminal);
      if (name != null) {
        draft.put("name", name);
      }
      if (draft.isEmpty()) {
        throw CliException.usage("Nothing to change; see windlass schedules update --help");
      }
      Http unified = unified();
      fields.type(draft, unified, () -> unified.get(PATH + Http.path(id)));
      return tell(unified.send("PATCH", PATH + Http.path(id), draft, Map.of()));
    }
  }

  /** {@code schedules toggle}. */
  @Command(
      name = "toggle",
      description = "Turn a schedule off or on.",
      footer = {"", "Example:", "  windlass schedules toggle sched_1a2b"})
  static final class Toggle extends OfOne {
    Toggle(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      return tell(unified().post(PATH + Http.path(id, "toggle"), Documents.object()));
    }
  }

  /** {@code schedules run}. */
  @Command(
      name = "run",
      description = "Start it now, whatever its cron says, and show the run.",
      footer = {"", "Example:", "  windlass schedules run sched_1a2b --detach"})
  static final class Run extends OfOne {
    @Mixin private final Following following = new Following();

    Run(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      Http unified = unified();
      JsonNode execution = unified.post(PATH + Http.path(id, "run"), Documents.object());
      String run = Started.id(execution);
      if (following.detach) {
        answer(execution, run);
        return ExitCode.OK;
      }
      return following.follow(new RunSite.OfAny(unified, run, null), connection.json, terminal);
    }
  }

  /** {@code schedules delete}. */
  @Command(
      name = "delete",
      description = "Delete a schedule; what it started goes on.",
      footer = {"", "Example:", "  windlass schedules delete sched_1a2b"})
  static final class Delete extends OfOne {
    Delete(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var _ = unified().send("DELETE", PATH + Http.path(id), null, Map.of());
      answer(Documents.object().put("deleted", id), "deleted " + id);
      return ExitCode.OK;
    }
  }
}
