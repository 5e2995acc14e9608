package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows what a run would do. */
@Command(
    name = "dry-run",
    description = {
      "Show what a run would do: its waves, the prompts, the calls by model and their cost.",
      "Nothing is executed; a cost that cannot be known is shown as unknown."
    },
    footer = {"", "Example:", "  windlass dry-run repo-health -i path=."})
final class DryRunCommand extends RemoteCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "CHAIN",
      description = "A chain's name, or the path of a chain file.")
  private @Nullable String chain;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A chain file; it is not saved.")
  private @Nullable String file;

  @Mixin private final InputOptions input = new InputOptions();

  DryRunCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ChainSource source = ChainSource.of(chain, file);
    var body = Documents.object();
    body.set("input", input.read(terminal));
    if (source.file() != null) {
      body.put("source", InputOptions.text(source.file(), terminal));
      body.put("name", source.name());
    }
    try (TemporaryServer _ = TemporaryServer.ifNoneListens(connection, terminal)) {
      JsonNode plan =
          source.file() == null
              ? unified().post(Http.path("v1", "definitions", "chain", source.name(), "plan"), body)
              : ofFile(body);
      answer(plan, PlanText.of(plan));
      return plan.path("problems").isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private JsonNode ofFile(ObjectNode body) {
    try {
      return unified().post(Http.path("v1", "definitions", "chain", "plan"), body);
    } catch (CliException e) {
      if (e.status() == 404 || e.status() == 405) {
        throw CliException.refused(
            e.status(), "This server plans saved chains only: save the file, then name the chain");
      }
      throw e;
    }
  }
}
