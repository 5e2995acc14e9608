package io.windlass.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command and everything it starts, as one thing that can be killed. The command runs in a
 * session of its own under a small supervising shell that holds a pipe to this server: when the
 * pipe closes, because the command is to be killed or because the server died, the supervisor kills
 * the session. What has left the session is found by a mark in its environment, where the system
 * shows that.
 */
public final class ProcessTree {
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final int SWEEPS = 20;

  /** Runs its arguments; stdin is the pipe to the server, the command itself has none. */
  private static final String SUPERVISOR =
      """
      exec 3<&0 </dev/null
      if command -v setsid >/dev/null 2>&1; then
        setsid "$@" 3<&- &
      else
        set -m
        "$@" 3<&- &
      fi
      child=$!
      { read -r _ <&3; kill -s KILL -- "-$child" || kill -s KILL "$child"; } >/dev/null 2>&1 &
      watch=$!
      exec >/dev/null 2>&1
      wait "$child"
      code=$?
      kill "$watch"
      wait "$watch"
      exit "$code"
      """;

  private final Process process;
  private final Mark mark;

  private ProcessTree(Process process, Mark mark) {
    this.process = process;
    this.mark = mark;
  }

  /**
   * Starts a command with no standard input.
   *
   * @param environment all the variables that it gets
   * @param owner whose it is; empty for nobody's
   */
  static ProcessTree start(
      List<String> command, Path directory, Map<String, String> environment, String owner)
      throws IOException {
    List<String> supervised = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISOR, "windlass"));
    supervised.addAll(command);
    Mark mark = Mark.ofTree(owner);
    ProcessBuilder builder = new ProcessBuilder(supervised).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put(Mark.VARIABLE, mark.variable());
    return new ProcessTree(builder.start(), mark);
  }

  /** The supervisor, whose output and exit code are the command's. */
  public Process process() {
    return process;
  }

  /** Kills everything; harmless when all has ended. */
  public void kill() {
    Map<Long, ProcessHandle> doomed = new LinkedHashMap<>();
    process.descendants().forEach(handle -> doomed.put(handle.pid(), handle));
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // Closed already.
    }
    awaitEnd();
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      process.descendants().forEach(handle -> doomed.put(handle.pid(), handle));
      mark.carriers().forEach(handle -> doomed.put(handle.pid(), handle));
      doomed.values().removeIf(handle -> !handle.isAlive());
      if (doomed.isEmpty()) {
        break;
      }
      doomed.values().forEach(ProcessHandle::destroyForcibly);
      Thread.onSpinWait();
    }
    process.destroyForcibly();
  }

  /** Gives the supervisor time to do it, without being put off by an interruption. */
  private void awaitEnd() {
    boolean interrupted = false;
    long until = System.nanoTime() + GRACE.toNanos();
    while (true) {
      try {
        process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What still runs of it after its command has ended, as far as the system shows that. */
  public List<ProcessHandle> leftOver() {
    return mark.carriers();
  }
}
