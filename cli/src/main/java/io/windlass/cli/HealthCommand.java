package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Asks the server how it is. */
@Command(
    name = "health",
    description = "Show whether the server and each of its parts accept work.",
    footer = {
      "",
      "Exit code 1 when a part is down, 3 when nothing answers.",
      "",
      "Example:",
      "  windlass health --json"
    })
final class HealthCommand extends RemoteCommand {
  HealthCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Http unified = unified();
    JsonNode health = unified.getEven(503, "/health");
    boolean up = isUp(health);
    StringBuilder text = new StringBuilder();
    text.append(unified.base()).append("  ").append(up ? "up" : "down");
    text.append("  ").append(Documents.text(health, "version")).append('\n');
    Table table = new Table("PART", "STATE", "DETAIL");
    for (JsonNode check : health.path("checks")) {
      table.row(
          Documents.text(check, "name"),
          check.path("ok").asBoolean(false) ? "ok" : "down",
          Documents.text(check, "detail"));
    }
    answer(health, table.isEmpty() ? text.toString() : text.append(table.text()).toString());
    return up ? ExitCode.OK : ExitCode.FAILED;
  }

  static boolean isUp(@Nullable JsonNode health) {
    return health != null
        && ("up".equals(Documents.text(health, "status")) || health.path("ok").asBoolean(false));
  }
}
