package io.windlass.cli;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Runs a chain and shows it. */
@Command(
    name = "run",
    description = {
      "Run a chain, show its progress on standard error and its result on standard output.",
      "When no server is running, one is started for the duration."
    },
    footer = {
      "",
      "Questions of gates are asked at a terminal; elsewhere `windlass approve` answers them.",
      "Ctrl-C asks whether to cancel; a second Ctrl-C cancels.",
      "",
      "Example:",
      "  windlass run repo-health -i path=. > report.md",
      "  windlass run ./my-chain.yaml -i topic=rivers -i notes=@notes.txt --stream"
    })
final class RunCommand extends RemoteCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "CHAIN",
      description = "A chain's name, or the path of a chain file (which is saved first).")
  private @Nullable String chain;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A chain file; it is saved as CHAIN, or under its own name, and run.")
  private @Nullable String file;

  @Mixin private final InputOptions input = new InputOptions();
  @Mixin private final Following following = new Following();

  RunCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ChainSource source = ChainSource.of(chain, file);
    var body = Documents.object();
    body.set("input", input.read(terminal));
    String yaml = source.file() == null ? null : InputOptions.text(source.file(), terminal);
    try (TemporaryServer server = TemporaryServer.ifNoneListens(connection, terminal)) {
      following.checkDetach(server);
      Http chains = chains();
      if (yaml != null) {
        var _ = chains.postYaml(Http.path("chains", source.name()), yaml);
      }
      // The key makes the start safe to send again, for us and for every proxy between.
      JsonNode started =
          chains.send(
              "POST",
              Http.path("execute", source.name()),
              body,
              Map.of("Idempotency-Key", UUID.randomUUID().toString()));
      String id = Started.id(started);
      if (following.detach) {
        answer(started, id);
        return ExitCode.OK;
      }
      return following.follow(
          new RunSite.OfChain(chains, "executions", id), connection.json, terminal);
    }
  }
}
