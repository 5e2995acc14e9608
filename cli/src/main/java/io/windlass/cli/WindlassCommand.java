package io.windlass.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command above all others; by itself it shows the help. */
@Command(
    name = "windlass",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Runs AI-agent work durably, and lets people watch, approve and schedule it.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Exit codes: 0 done; 1 the run or the check failed, or the server refused; 2 wrong usage;",
      "3 no server could be reached; 130 interrupted.",
      "Each command has its own help and an example: windlass run --help",
      "",
      "Example:",
      "  windlass run repo-health -i path=\"$PWD\""
    })
final class WindlassCommand implements Callable<Integer> {
  private static final Map<String, Function<Terminal, Object>> COMMANDS = commands();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * The command line for these arguments. Reading the annotations of all commands takes longer than
   * most of them run, so only the one that is called is there; for anything else all are.
   */
  static CommandLine line(Terminal terminal, String... arguments) {
    CommandLine line = new CommandLine(new WindlassCommand());
    Function<Terminal, Object> called = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    if (called != null) {
      return line.addSubcommand(called.apply(terminal));
    }
    COMMANDS.values().forEach(command -> line.addSubcommand(command.apply(terminal)));
    return line;
  }

  private static Map<String, Function<Terminal, Object>> commands() {
    Map<String, Function<Terminal, Object>> commands = new LinkedHashMap<>();
    commands.put("serve", _ -> new ServeCommand());
    commands.put("run", RunCommand::new);
    commands.put("list", ListCommand::new);
    commands.put("validate", ValidateCommand::new);
    commands.put("dry-run", DryRunCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("logs", LogsCommand::new);
    commands.put("timeline", TimelineCommand::new);
    commands.put("cancel", CancelCommand::new);
    commands.put("approve", ApproveCommand::new);
    commands.put("reject", RejectCommand::new);
    commands.put("resume", ResumeCommand::new);
    commands.put("rerun", RerunCommand::new);
    commands.put("generate", GenerateCommand::new);
    commands.put("stats", StatsCommand::new);
    commands.put("queue", QueueCommand::new);
    commands.put("schedules", SchedulesCommand::line);
    commands.put("pipelines", PipelinesCommand::line);
    commands.put("run-pipeline", PipelinesCommand::run);
    commands.put("budgets", BudgetsCommand::line);
    commands.put("mcp", McpCommand::new);
    commands.put("mcp-servers", McpServersCommand::new);
    commands.put("health", HealthCommand::new);
    commands.put("doctor", DoctorCommand::new);
    commands.put("bench", _ -> new BenchCommand());
    return Collections.unmodifiableMap(commands);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
