package io.windlass.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stands in the list of commands; the launcher starts the server without coming here. */
@Command(
    name = "serve",
    aliases = "start",
    description = {
      "Start the server in the foreground; SIGTERM and Ctrl-C stop it after running steps ended.",
      "Settings: WINDLASS_HOME, WINDLASS_HOST, WINDLASS_PORT, WINDLASS_CHAINS_PORT,",
      "WINDLASS_DATABASE_URL, WINDLASS_TOKEN and others."
    },
    footer = {"", "Example:", "  WINDLASS_HOME=/var/lib/windlass ./windlass serve"})
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() {
    throw CliException.usage(
        "The server is started by the launcher: run ./windlass serve in the project's folder");
  }
}
