package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Says yes to a question, or lists what is asked. */
@Command(
    name = "approve",
    description =
        "Approve what a step asks; the run goes on by itself. Without an id, list all questions.",
    footer = {
      "",
      "The first answer counts; a later one is refused.",
      "",
      "Example:",
      "  windlass approve",
      "  windlass approve 1a2b3c4d5e6f7890 review --reason 'looks right'"
    })
final class ApproveCommand extends RemoteCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "EXECUTION",
      description =
          "The id of the execution, which may wait through one that it started; or of the question.")
  private @Nullable String execution;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STEP",
      description =
          "The step that asks, or that started what asks, as REF/STEP in a child; needed when several do.")
  private @Nullable String step;

  @Option(
      names = "--choice",
      paramLabel = "OPTION",
      description = "Another option than the consenting one, where a question has several.")
  private @Nullable String choice;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the decision.")
  private @Nullable String reason;

  ApproveCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Inbox inbox = new Inbox(unified());
    if (execution == null) {
      ArrayNode open = inbox.open();
      answer(open, Inbox.table(open));
      return ExitCode.OK;
    }
    JsonNode approval = inbox.find(execution, step);
    var decision = Documents.object();
    if (choice == null) {
      decision.put("approved", true);
    } else {
      decision.put("choice", choice);
    }
    if (reason != null) {
      decision.put("reason", reason);
    }
    JsonNode decided = inbox.decide(approval, decision);
    String said = choice == null ? "approved " : "answered " + choice + ": ";
    answer(decided, said + execution + " " + OpenQuestion.path(approval));
    return ExitCode.OK;
  }
}
