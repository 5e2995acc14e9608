package io.windlass.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server that lives as long as one command: started when none listens at the default address,
 * with the same home and settings, and told to stop (SIGTERM) afterwards.
 */
final class TemporaryServer implements AutoCloseable {
  private static final long READY_MS = 90_000;
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Path log;
  private final Thread hook;

  private TemporaryServer(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.hook = new Thread(process::destroy);
  }

  /** Null when a server listens already, or none can be started; then the request will tell. */
  static @Nullable TemporaryServer ifNoneListens(Connection connection, Terminal terminal) {
    if (connection.isAddressed(terminal)) {
      return null;
    }
    String command = command(terminal);
    Http chains = connection.chains(terminal);
    Http unified = connection.unified(terminal);
    // A server whose chains port is another one, or off, is a server, too.
    if (command == null || !chains.isLocal() || chains.isListening() || isHealthy(unified)) {
      return null;
    }
    terminal.say(
        "No server is running at %s: starting one for this command.".formatted(unified.base()));
    TemporaryServer server = start(command);
    try {
      server.awaitReady(unified, chains);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static @Nullable String command(Terminal terminal) {
    String property = System.getProperty("windlass.server.command");
    if (property != null && !property.isBlank()) {
      return property;
    }
    String command = terminal.setting("WINDLASS_SERVER_COMMAND");
    String launcher = terminal.setting("WINDLASS_LAUNCHER");
    if (command == null && launcher != null) {
      return "'" + launcher.replace("'", "'\\''") + "' serve";
    }
    return command;
  }

  private static TemporaryServer start(String command) {
    try {
      Path log = Files.createTempFile("windlass-server-", ".log");
      // Ctrl-C goes to everything in the foreground; this one is stopped when its work is done.
      Process process =
          new ProcessBuilder(List.of("/bin/sh", "-c", "trap '' INT; exec " + command))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      TemporaryServer server = new TemporaryServer(process, log);
      Runtime.getRuntime().addShutdownHook(server.hook);
      return server;
    } catch (IOException e) {
      throw CliException.unreachable("A server cannot be started: " + e.getMessage(), e);
    }
  }

  private void awaitReady(Http unified, Http chains) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MS);
    try {
      while (!process.waitFor(25, TimeUnit.MILLISECONDS)) {
        if (isHealthy(unified) && chains.isListening()) {
          return;
        }
        if (System.nanoTime() > deadline) {
          throw CliException.unreachable(
              "The server did not get ready within %d s: %s"
                  .formatted(READY_MS / 1000, lastLines()),
              null);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.failed("Interrupted while the server started");
    }
    throw CliException.unreachable(
        "The server ended at once (exit code %d): %s".formatted(process.exitValue(), lastLines()),
        null);
  }

  private static boolean isHealthy(Http unified) {
    if (!unified.isListening()) {
      return false;
    }
    try {
      var _ = unified.get("/health");
      return true;
    } catch (CliException e) {
      return false;
    }
  }

  /** What the server said last. */
  String lastLines() {
    try {
      List<String> lines =
          Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
      return lines.isEmpty()
          ? "it said nothing"
          : String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException e) {
      return "its output cannot be read (" + e.getMessage() + ")";
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(log);
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | IllegalStateException e) {
      // A log that stays behind, or a shutdown that is under way, harms nobody.
      return;
    }
  }
}
