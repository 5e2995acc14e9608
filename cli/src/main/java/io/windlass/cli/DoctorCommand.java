package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Looks for what is missing, and says how to get it. */
@Command(
    name = "doctor",
    description = {
      "Look for what is missing here, and say how to get it.",
      "Java, home, disk space, database, models, programs and ports are looked at."
    },
    footer = {
      "",
      "Exit code 1 when something needed is missing.",
      "",
      "Example:",
      "  windlass doctor"
    })
final class DoctorCommand extends RemoteCommand {
  DoctorCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    MachineChecks machine = new MachineChecks(terminal);
    List<Check> checks = new ArrayList<>();
    checks.add(machine.java());
    checks.add(machine.home());
    checks.add(machine.disk());
    checks.add(machine.database());
    checks.add(machine.models());
    checks.add(machine.program("bash", "steps run shell commands with it"));
    checks.add(machine.program("git", "chains that read repositories need it"));
    checks.add(port("unified", unified(), "WINDLASS_PORT"));
    checks.add(port("chains", chains(), "WINDLASS_CHAINS_PORT"));
    var json = Documents.array();
    checks.forEach(check -> json.add(check.json()));
    if (connection.json) {
      answer(json, "");
    } else {
      terminal.out().print(text(checks));
    }
    boolean sound = checks.stream().noneMatch(c -> c.state() == Check.State.MISSING);
    return sound ? ExitCode.OK : ExitCode.FAILED;
  }

  /** Free, ours, or taken by somebody else. */
  private Check port(String surface, Http http, String setting) {
    String name = surface + " surface";
    if (!http.isListening()) {
      return http.isLocal()
          ? Check.ok(name, http.base() + " is free; `windlass serve` takes it")
          : Check.missing(name, http.base() + " accepts no connection", "start the server there");
    }
    try {
      JsonNode health = http.getEven(503, "/health");
      String version = Documents.text(health, "version");
      if (HealthCommand.isUp(health)) {
        return Check.ok(name, http.base() + " is served by Windlass " + version);
      }
      if (health.has("checks")) {
        return Check.missing(
            name, http.base() + " is served by Windlass, but not well", "see windlass health");
      }
    } catch (CliException e) {
      if (e.status() == 401) {
        return Check.note(name, http.base() + " wants a token", "set WINDLASS_TOKEN");
      }
    }
    return Check.missing(
        name,
        http.base() + " is taken by another program",
        "stop that program, or choose another port with " + setting);
  }

  private String text(List<Check> checks) {
    StepLines paint = new StepLines(terminal.outColours(), false);
    StringBuilder text = new StringBuilder();
    for (Check check : checks) {
      String colour =
          switch (check.state()) {
            case OK -> "32";
            case NOTE -> "33";
            case MISSING -> "31";
          };
      String state = check.state().name().toLowerCase(Locale.ROOT);
      text.append(paint.paint(colour, state)).repeat(' ', 9 - state.length());
      text.append(check.name()).append(": ").append(Wording.line(check.detail(), 300));
      text.append('\n');
      if (!check.remedy().isEmpty()) {
        text.append("         → ").append(check.remedy()).append('\n');
      }
    }
    return text.toString();
  }
}
