package io.windlass.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands for budgets; by itself it lists them. */
@Command(
    name = "budgets",
    description = "List, make, show, change and delete hard caps on what model calls cost.",
    footer = {
      "",
      "Examples:",
      "  windlass budgets",
      "  windlass budgets create --limit 5 --window day",
      "  windlass budgets create --limit 200000 --unit tokens --window execution --at-cap fail"
    })
final class BudgetsCommand extends RemoteCommand {
  private static final String PATH = "/v1/budgets";

  BudgetsCommand(Terminal terminal) {
    super(terminal);
  }

  /** With the commands below it. */
  static CommandLine line(Terminal terminal) {
    return new CommandLine(new BudgetsCommand(terminal))
        .addSubcommand(new ListAll(terminal))
        .addSubcommand(new Create(terminal))
        .addSubcommand(new Show(terminal))
        .addSubcommand(new Update(terminal))
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
    Table table =
        new Table("ID", "LABEL", "LIMIT", "SPENT", "RESERVED", "LEFT", "UNTIL", "AT CAP", "WAIT");
    for (JsonNode budget : all) {
      JsonNode current = budget.path("current");
      table.row(
          Documents.text(budget, "id"),
          Documents.text(budget, "label"),
          limit(budget),
          plain(current, "spent"),
          plain(current, "reserved"),
          plain(current, "remaining"),
          Documents.text(current, "until"),
          Documents.text(budget, "at_cap"),
          Documents.text(budget, "waiting"));
    }
    command.answer(all, table.isEmpty() ? "No budgets" : table.text());
    return ExitCode.OK;
  }

  private static String limit(JsonNode budget) {
    return "%s %s / %s"
        .formatted(
            plain(budget, "limit"),
            Documents.text(budget, "unit"),
            Documents.text(budget, "window"));
  }

  private static String plain(JsonNode of, String field) {
    JsonNode value = of.path(field);
    return value.isNumber() ? value.decimalValue().toPlainString() : Documents.text(of, field);
  }

  private static String line(JsonNode budget) {
    JsonNode current = budget.path("current");
    String unit = Documents.text(budget, "unit");
    return Documents.text(budget, "id")
        + "  "
        + Documents.text(budget, "label")
        + ": "
        + limit(budget)
        + (current.isObject()
            ? ", %s %s spent, %s reserved, %s left"
                .formatted(
                    plain(current, "spent"),
                    unit,
                    plain(current, "reserved"),
                    plain(current, "remaining"))
            : "")
        + ", at the cap: "
        + Documents.text(budget, "at_cap");
  }

  /** {@code budgets list}. */
  @Command(
      name = "list",
      description = "List the budgets and how they stand.",
      footer = {"", "Example:", "  windlass budgets list --json"})
  static final class ListAll extends RemoteCommand {
    ListAll(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      return list(this);
    }
  }

  /** {@code budgets create}. */
  @Command(
      name = "create",
      description = "Make a budget; without --owner, --kind and --name it counts everything.",
      footer = {
        "",
        "Example:",
        "  windlass budgets create --limit 5 --window day --kind chain --name weekly-report"
      })
  static final class Create extends RemoteCommand {
    @Option(
        names = "--window",
        required = true,
        paramLabel = "WINDOW",
        description = "hour, day, week, month (of the calendar in UTC), total or execution.")
    private String window = "";

    @Option(names = "--unit", paramLabel = "UNIT", description = "usd (without it) or tokens.")
    private @Nullable String unit;

    @Option(names = "--owner", paramLabel = "USER", description = "Only what this user runs.")
    private @Nullable String owner;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only this kind of definition.")
    private @Nullable String kind;

    @Option(names = "--name", paramLabel = "NAME", description = "Only the definition so named.")
    private @Nullable String name;

    @Mixin private final BudgetFields fields = new BudgetFields();

    Create(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var draft = fields.draft().put("window", window);
      if (!draft.has("limit")) {
        throw CliException.usage("--limit is needed, as --limit 5");
      }
      BudgetFields.put(draft, "unit", unit);
      BudgetFields.put(draft, "owner", owner);
      BudgetFields.put(draft, "kind", kind);
      BudgetFields.put(draft, "name", name);
      JsonNode budget = unified().post(PATH, draft);
      answer(budget, line(budget));
      return ExitCode.OK;
    }
  }

  /** What is done to one budget. */
  abstract static class OfOne extends RemoteCommand {
    @Parameters(paramLabel = "ID", description = "The budget.")
    String id = "";

    OfOne(Terminal terminal) {
      super(terminal);
    }
  }

  /** {@code budgets show}. */
  @Command(
      name = "show",
      description = "Show how a budget stands and what was decided about it.",
      footer = {"", "Example:", "  windlass budgets show 01a2b3c4-d5e6-7890-8abc-def012345678"})
  static final class Show extends OfOne {
    Show(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      JsonNode budget = unified().get(PATH + Http.path(id));
      StringBuilder text = new StringBuilder(line(budget));
      for (JsonNode change : budget.path("changes")) {
        text.append(
            "%n  %s  %s by %s"
                .formatted(
                    Documents.text(change, "at"),
                    Documents.text(change, "what"),
                    Documents.text(change, "by")));
        String from = plain(change, "from");
        String to = plain(change, "to");
        text.append(from.isEmpty() ? "" : " from " + from);
        text.append(to.isEmpty() ? "" : (from.isEmpty() ? " with " : " to ") + to);
        String period = Documents.text(change, "period");
        text.append(period.isEmpty() ? "" : " in " + period);
      }
      answer(budget, text.toString());
      return ExitCode.OK;
    }
  }

  /** {@code budgets update}. */
  @Command(
      name = "update",
      description = "Change what is given; steps that wait for the budget and fit now go on.",
      footer = {
        "",
        "Example:",
        "  windlass budgets update 01a2b3c4-d5e6-7890-8abc-def012345678 --limit 10"
      })
  static final class Update extends OfOne {
    @Mixin private final BudgetFields fields = new BudgetFields();

    Update(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var draft = fields.draft();
      if (draft.isEmpty()) {
        throw CliException.usage("Nothing to change; see windlass budgets update --help");
      }
      JsonNode budget = unified().send("PATCH", PATH + Http.path(id), draft, Map.of());
      answer(budget, line(budget));
      return ExitCode.OK;
    }
  }

  /** {@code budgets delete}. */
  @Command(
      name = "delete",
      description = "Delete a budget; steps that wait for it go on.",
      footer = {"", "Example:", "  windlass budgets delete 01a2b3c4-d5e6-7890-8abc-def012345678"})
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
