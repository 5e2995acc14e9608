package io.windlass.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Goes on with an execution that failed or was cancelled. */
@Command(
    name = "resume",
    description = {
      "Go on with a failed or cancelled execution from its last durable step,",
      "with the definition that it began with, and show it as `run` does."
    },
    footer = {"", "Example:", "  windlass resume 1a2b3c4d5e6f7890"})
final class ResumeCommand extends RemoteCommand {
  @Parameters(paramLabel = "EXECUTION", description = "Its id, of any kind.")
  private String id = "";

  @Mixin private final Following following = new Following();

  ResumeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Http unified = unified();
    // What was told before the resume has been seen.
    String before = Documents.text(unified.get(Http.path("v1", "executions", id)), "last_event");
    JsonNode execution =
        unified.post(Http.path("v1", "executions", id, "resume"), Documents.object());
    if (following.detach) {
      answer(execution, id);
      return ExitCode.OK;
    }
    return following.follow(
        new RunSite.OfAny(unified, id, before.isEmpty() ? null : before),
        connection.json,
        terminal);
  }
}
