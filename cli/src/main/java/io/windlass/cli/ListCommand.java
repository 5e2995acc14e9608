package io.windlass.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Lists the chains, or the definitions of another kind. */
@Command(
    name = "list",
    description =
        "List the chains, or with --kind other documents, that the server knows; a broken one shows its fault.",
    footer = {"", "Example:", "  windlass list --json", "  windlass list --kind graph"})
final class ListCommand extends RemoteCommand {
  @Mixin private final KindOption kind = new KindOption();

  ListCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (!kind.isChain()) {
      return other(kind.name());
    }
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

  private int other(String name) {
    try (TemporaryServer _ = TemporaryServer.ifNoneListens(connection, terminal)) {
      JsonNode page = unified().get(Http.path("v1", "definitions", name) + "?limit=200");
      Table table = new Table("NAME", "STEPS", "VERSION", "DESCRIPTION");
      for (JsonNode one : page.path("items")) {
        String fault = Documents.text(one, "fault");
        table.row(
            Documents.text(one, "name"),
            Documents.text(one, "steps"),
            Documents.text(one, "author_version"),
            fault.isEmpty() ? Documents.text(one, "description") : "broken: " + fault);
      }
      answer(page, table.isEmpty() ? "No %ss yet".formatted(name) : table.text());
      return ExitCode.OK;
    }
  }
}
