package io.windlass.cli;

import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Shows what goes on now. */
@Command(
    name = "queue",
    description = "Show how many runs are queued, running and waiting, and the newest of them.",
    footer = {"", "Example:", "  windlass queue --json | jq .running"})
final class QueueCommand extends RemoteCommand {
  QueueCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    JsonNode queue = unified().get("/v1/queue");
    answer(queue, text(queue));
    return ExitCode.OK;
  }

  private static String text(JsonNode queue) {
    Fields fields = new Fields(18);
    for (String status : Statuses.OPEN) {
      fields.add(status, Documents.text(queue, status));
    }
    fields.add("open questions", Documents.text(queue, "pending_approvals"));
    StringBuilder limits = new StringBuilder();
    queue
        .path("may_run_at_once")
        .properties()
        .forEach(limit ->
            limits
                .append(limits.isEmpty() ? "" : ", ")
                .append(limit.getKey())
                .append(' ')
                .append(Documents.show(limit.getValue())));
    fields.add("may run at once", limits.toString());
    Table table = new Table("ID", "KIND", "NAME", "STATUS", "STARTED");
    for (JsonNode execution : queue.path("newest")) {
      table.row(
          Documents.text(execution, "public_id"),
          Documents.text(execution, "kind"),
          Documents.text(execution, "name"),
          Documents.text(execution, "status"),
          Documents.text(execution, "created_at"));
    }
    return table.isEmpty() ? fields.text() : fields.text() + "\n" + table.text();
  }
}
