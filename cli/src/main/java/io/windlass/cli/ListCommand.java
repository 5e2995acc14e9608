package io.windlass.cli;

import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Lists the chains. */
@Command(
    name = "list",
    description = "List the chains that the server knows; a broken one shows its fault.",
    footer = {"", "Example:", "  windlass list --json"})
final class ListCommand extends RemoteCommand {
  ListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    try (TemporaryServer _ = TemporaryServer.ifNoneListens(connection, terminal)) {
      JsonNode chains = chains().get("/chains");
      Table table = new Table("NAME", "STEPS", "VERSION", "DESCRIPTION");
      for (JsonNode chain : chains) {
        String fault = Documents.text(chain, "error");
        table.row(
            Documents.text(chain, "name"),
            Documents.text(chain, "stepCount"),
            Documents.text(chain, "version"),
            fault.isEmpty() ? Documents.text(chain, "description") : "broken: " + fault);
      }
      answer(
          chains,
          table.isEmpty() ? "No chains yet. Run a file: windlass run chain.yaml" : table.text());
      return ExitCode.OK;
    }
  }
}
