package io.windlass.mcp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The program of a stdio server and all that it starts. A server ends by itself when its input
 * closes, as it does when this process dies; what does not is killed, found by its parents or by a
 * mark in its environment where the system shows that.
 */
final class ServerProcess {
  private static final String MARK = "WINDLASS_MCP_PROCESS";
  private static final Duration GRACE = Duration.ofMillis(700);
  private static final int SWEEPS = 20;
  private static final Path PROC = Path.of("/proc");

  private final Process process;
  private final String mark;

  private ServerProcess(Process process, String mark) {
    this.process = process;
    this.mark = mark;
  }

  /** Starts it with this environment and no more. */
  static ServerProcess start(List<String> command, Map<String, String> environment, Path folder)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    String mark = UUID.randomUUID().toString();
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put(MARK, mark);
    return new ServerProcess(builder.start(), mark);
  }

  Process process() {
    return process;
  }

  /** Asks it to end, then sees to it; harmless when all has ended. */
  void end() {
    Map<Long, ProcessHandle> doomed = new LinkedHashMap<>();
    note(doomed);
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // Closed already, or nobody reads it any more.
    }
    if (!awaitEnd()) {
      note(doomed);
      process.destroy();
      awaitEnd();
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      note(doomed);
      doomed.values().removeIf(handle -> !handle.isAlive());
      if (doomed.isEmpty()) {
        break;
      }
      doomed.values().forEach(ProcessHandle::destroyForcibly);
      Thread.onSpinWait();
    }
    process.destroyForcibly();
  }

  private void note(Map<Long, ProcessHandle> doomed) {
    process.descendants().forEach(handle -> doomed.put(handle.pid(), handle));
    marked(doomed);
  }

  /** Gives it some time, without being put off by an interruption. */
  private boolean awaitEnd() {
    boolean interrupted = false;
    long until = System.nanoTime() + GRACE.toNanos();
    try {
      while (true) {
        try {
          return process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void marked(Map<Long, ProcessHandle> doomed) {
    if (!Files.isDirectory(PROC)) {
      return;
    }
    String entry = MARK + "=" + mark;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path one : all) {
        if (environment(one).contains(entry)) {
          ProcessHandle.of(Long.parseLong(one.getFileName().toString()))
              .ifPresent(handle -> doomed.put(handle.pid(), handle));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Only a second way to find them.
      return;
    }
  }

  private static String environment(Path process) {
    try {
      return new String(
          Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
