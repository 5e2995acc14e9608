package io.windlass.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stands in the list of commands; the launcher starts the load harness without coming here. */
@Command(
    name = "bench",
    description = "Measure a server of this build under load: windlass bench --help",
    footer = {"", "Example:", "  ./windlass bench"})
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() {
    throw CliException.usage(
        "The load harness is started by the launcher: run ./windlass bench in the project's folder");
  }
}
