package io.windlass.cli;

import java.util.Map;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands for pipelines; by itself it lists them. */
@Command(
    name = "pipelines",
    description = "List the pipelines, or run one.",
    footer = {"", "Example:", "  windlass pipelines run weekly -i topic=rivers"})
final class PipelinesCommand extends RemoteCommand {
  PipelinesCommand(Terminal terminal) {
    super(terminal);
  }

  /** With the commands below it. */
  static CommandLine line(Terminal terminal) {
    return new CommandLine(new PipelinesCommand(terminal))
        .addSubcommand(new ListAll(terminal))
        .addSubcommand(new Run(terminal));
  }

  /** {@code pipelines run} as a command of its own. */
  static CommandLine run(Terminal terminal) {
    return new CommandLine(new Run(terminal)).setCommandName("run-pipeline");
  }

  @Override
  public Integer call() {
    return list(this);
  }

  private static int list(RemoteCommand command) {
    try (TemporaryServer _ = TemporaryServer.ifNoneListens(command.connection, command.terminal)) {
      JsonNode pipelines = command.chains().get("/pipelines");
      Table table = new Table("NAME", "CHAINS", "VERSION", "DESCRIPTION");
      for (JsonNode pipeline : pipelines) {
        String fault = Documents.text(pipeline, "error");
        table.row(
            Documents.text(pipeline, "name"),
            Documents.text(pipeline, "chainCount"),
            Documents.text(pipeline, "version"),
            fault.isEmpty() ? Documents.text(pipeline, "description") : "broken: " + fault);
      }
      command.answer(pipelines, table.isEmpty() ? "No pipelines yet" : table.text());
      return ExitCode.OK;
    }
  }

  /** {@code pipelines list}. */
  @Command(
      name = "list",
      description = "List the pipelines.",
      footer = {"", "Example:", "  windlass pipelines list --json"})
  static final class ListAll extends RemoteCommand {
    ListAll(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      return list(this);
    }
  }

  /** {@code pipelines run}. */
  @Command(
      name = "run",
      description = "Run a pipeline and show it as `windlass run` shows a chain.",
      footer = {"", "Example:", "  windlass pipelines run weekly -i topic=rivers > report.md"})
  static final class Run extends RemoteCommand {
    @Parameters(paramLabel = "PIPELINE", description = "Its name.")
    private String name = "";

    @Mixin private final InputOptions input = new InputOptions();
    @Mixin private final ExampleOption example = new ExampleOption();
    @Mixin private final Following following = new Following();

    Run(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = Documents.object();
      body.set("input", input.read(example.file(name, "input.json", terminal), terminal));
      try (TemporaryServer server = TemporaryServer.ifNoneListens(connection, terminal)) {
        following.checkDetach(server);
        Http chains = chains();
        JsonNode started =
            chains.send(
                "POST",
                Http.path("pipelines", name, "execute"),
                body,
                Map.of("Idempotency-Key", UUID.randomUUID().toString()));
        String id = Started.id(started);
        if (following.detach) {
          answer(started, id);
          return ExitCode.OK;
        }
        return following.follow(
            new RunSite.OfChain(chains, unified(), "pipeline-executions", id),
            connection.json,
            terminal);
      }
    }
  }
}
