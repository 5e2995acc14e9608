package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Repeats an ended execution as a new one. */
@Command(
    name = "rerun",
    description = {
      "Repeat an ended execution as a new one, with its input, and show it as `run` does:",
      "from the beginning or from a chosen step, with the definition that it began with or the newest."
    },
    footer = {
      "",
      "Where a failed or cancelled run is only to go on, `windlass resume` does that.",
      "",
      "Example:",
      "  windlass rerun 1a2b3c4d5e6f7890",
      "  windlass rerun 1a2b3c4d5e6f7890 --from report --current"
    })
final class RerunCommand extends RemoteCommand {
  @Parameters(paramLabel = "EXECUTION", description = "Its id, of any kind.")
  private String id = "";

  @Option(
      names = "--from",
      paramLabel = "STEP",
      description = "Begin at this step, and keep what finished before it.")
  private @Nullable String from;

  @Option(
      names = "--current",
      description = "Run the newest version of the definition, not the one that it began with.")
  private boolean current;

  @Mixin private final Following following = new Following();

  RerunCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Http unified = unified();
    ObjectNode body = Documents.object().put("current_definition", current);
    if (from != null) {
      body.put("from_step", from);
    }
    JsonNode started = unified.post(Http.path("v1", "executions", id, "rerun"), body);
    String again = Started.id(started);
    if (following.detach) {
      answer(started, again);
      return ExitCode.OK;
    }
    return following.follow(new RunSite.OfAny(unified, again, null), connection.json, terminal);
  }
}
