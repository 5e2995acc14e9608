package io.windlass.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What all rows share: the options, a folder for the time of the run, the processes to end. */
final class Bench implements AutoCloseable {
  private final Options options;
  private final String launcher;
  private final Path folder;
  private final PrintStream out;
  private final Set<Process> processes = ConcurrentHashMap.newKeySet();
  private int homes;
  private volatile boolean closed;

  Bench(Options options, @Nullable String launcher, PrintStream out) throws IOException {
    if (launcher == null) {
      throw new Options.BadArgument(
          "WINDLASS_LAUNCHER is not set: start the benchmark with ./windlass bench");
    }
    this.options = options;
    this.launcher = launcher;
    this.out = out;
    this.folder = Files.createTempDirectory("windlass-bench-");
  }

  Options options() {
    return options;
  }

  String launcher() {
    return launcher;
  }

  boolean isClosed() {
    return closed;
  }

  Path folder() {
    return folder;
  }

  Path newHome() throws IOException {
    homes++;
    return Files.createDirectories(folder.resolve("home-" + homes));
  }

  /** Remembers a process, so that it ends with the harness at the latest. */
  Process track(Process process) {
    processes.removeIf(known -> !known.isAlive());
    processes.add(process);
    if (closed) {
      process.destroyForcibly();
      throw new IllegalStateException("the benchmark is ending");
    }
    return process;
  }

  ObjectNode figures() {
    ObjectNode figures = JsonMapper.shared().createObjectNode();
    figures.put("load_average_before", Machine.loadAverage());
    return figures;
  }

  void say(String line) {
    out.println("  " + line);
    out.flush();
  }

  /** Ends every process that a row left behind, and removes the folder. */
  @Override
  public void close() {
    closed = true;
    for (Process process : processes) {
      process.destroyForcibly();
    }
    for (Process process : processes) {
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      out.println("left behind: " + folder + " (" + e + ")");
    }
  }
}
