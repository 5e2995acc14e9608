package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Says no to a question. */
@Command(
    name = "reject",
    description = "Reject what a step asks.",
    footer = {
      "",
      "Example:",
      "  windlass reject 1a2b3c4d5e6f7890 review --reason 'the figures are old'"
    })
final class RejectCommand extends RemoteCommand {
  @Parameters(
      index = "0",
      paramLabel = "EXECUTION",
      description =
          "The id of the execution, which may wait through one that it started; or of the question.")
  private String execution = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STEP",
      description =
          "The step that asks, or that started what asks, as REF/STEP in a child; needed when several do.")
  private @Nullable String step;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the decision.")
  private @Nullable String reason;

  RejectCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Inbox inbox = new Inbox(unified());
    JsonNode approval = inbox.find(execution, step);
    var decision = Documents.object().put("approved", false);
    if (reason != null) {
      decision.put("reason", reason);
    }
    JsonNode decided = inbox.decide(approval, decision);
    answer(decided, "rejected " + execution + " " + OpenQuestion.path(approval));
    return ExitCode.OK;
  }
}
