package io.windlass.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The entry of the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // A start must not be sent twice behind our back.
    System.setProperty("sun.net.http.retryPost", "false");
    System.exit(run(Terminal.ofProcess(), arguments));
  }

  /** Executes one command; the exit code. */
  static int run(Terminal terminal, String... arguments) {
    CommandLine line = WindlassCommand.line(terminal, arguments);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(terminal.outColours() ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler((e, _) -> {
      CommandLine command = e.getCommandLine();
      terminal.complain(String.valueOf(e.getMessage()));
      terminal.say("See: " + command.getCommandSpec().qualifiedName(" ") + " --help");
      return ExitCode.USAGE;
    });
    line.setExecutionExceptionHandler((e, _, _) -> ending(e, terminal));
    try {
      return line.execute(arguments);
    } finally {
      terminal.out().flush();
      terminal.err().flush();
    }
  }

  private static int ending(Exception e, Terminal terminal) {
    if (e instanceof CliException told) {
      terminal.complain(String.valueOf(told.getMessage()));
      return told.exitCode();
    }
    terminal.complain("unexpected: " + e + " (set WINDLASS_TRACE=1 for where)");
    if (terminal.setting("WINDLASS_TRACE") != null) {
      e.printStackTrace(terminal.err());
    }
    return ExitCode.FAILED;
  }
}
