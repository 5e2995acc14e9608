package io.windlass.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Cancels an execution. */
@Command(
    name = "cancel",
    description = "Cancel an execution; what it runs is killed.",
    footer = {"", "Example:", "  windlass cancel 1a2b3c4d5e6f7890"})
final class CancelCommand extends RemoteCommand {
  @Parameters(paramLabel = "EXECUTION", description = "Its id, of any kind.")
  private String id = "";

  CancelCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    JsonNode execution =
        unified().post(Http.path("v1", "executions", id, "cancel"), Documents.object());
    answer(execution, "cancelled " + id);
    return ExitCode.OK;
  }
}
