package io.windlass.cli;

import java.util.concurrent.Callable;
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
      "  windlass run repo-health -i path=."
    })
final class WindlassCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** All commands, ready to be executed. */
  static CommandLine line(Terminal terminal) {
    CommandLine schedules =
        new CommandLine(new SchedulesCommand(terminal))
            .addSubcommand(new SchedulesCommand.ListAll(terminal))
            .addSubcommand(new SchedulesCommand.Create(terminal))
            .addSubcommand(new SchedulesCommand.Update(terminal))
            .addSubcommand(new SchedulesCommand.Toggle(terminal))
            .addSubcommand(new SchedulesCommand.Run(terminal))
            .addSubcommand(new SchedulesCommand.Delete(terminal));
    CommandLine pipelines =
        new CommandLine(new PipelinesCommand(terminal))
            .addSubcommand(new PipelinesCommand.ListAll(terminal))
            .addSubcommand(new PipelinesCommand.Run(terminal));
    return new CommandLine(new WindlassCommand())
        .addSubcommand(new ServeCommand())
        .addSubcommand(new RunCommand(terminal))
        .addSubcommand(new ListCommand(terminal))
        .addSubcommand(new ValidateCommand(terminal))
        .addSubcommand(new DryRunCommand(terminal))
        .addSubcommand(new StatusCommand(terminal))
        .addSubcommand(new LogsCommand(terminal))
        .addSubcommand(new CancelCommand(terminal))
        .addSubcommand(new ApproveCommand(terminal))
        .addSubcommand(new RejectCommand(terminal))
        .addSubcommand(new ResumeCommand(terminal))
        .addSubcommand(schedules)
        .addSubcommand(pipelines)
        .addSubcommand(new HealthCommand(terminal))
        .addSubcommand(new DoctorCommand(terminal));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
