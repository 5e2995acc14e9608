package io.windlass.shell;

import io.windlass.process.Drain;
import io.windlass.process.Launcher;
import io.windlass.process.ProcessTree;
import io.windlass.step.StepContext;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Runs shell scripts, bash where there is one, else sh. */
final class Shell {
  /** As much as is kept of a script's output, in bytes. */
  static final int OUTPUT_LIMIT = 5 << 20;

  private static final int ERROR_LIMIT = 64 << 10;
  private static final int MOST_NAMED = 5;

  /** How long output may still come in once the shell has ended. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** What fits into one argument of a process on Linux, with room to spare. */
  private static final int LONGEST_ARGUMENT = 96 << 10;

  private final String program;
  private final Launcher launcher;

  Shell(Launcher launcher) {
    this.launcher = launcher;
    this.program = onPath("bash") ? "bash" : "sh";
  }

  /**
   * What a script has left.
   *
   * @param code its exit code
   * @param output the beginning of its output
   * @param outputBytes how long its output was in all
   * @param errors the end of what it wrote to stderr
   * @param leftOver what it started and left running, which is ended with the step
   */
  record Result(
      int code, String output, long outputBytes, String errors, List<ProcessHandle> leftOver) {
    Result {
      leftOver = List.copyOf(leftOver);
    }

    /** For people: {@code 2 processes (12, 34) …}; empty when nothing was left running. */
    String leftOverTold() {
      if (leftOver.isEmpty()) {
        return "";
      }
      String pids =
          leftOver.stream()
              .limit(MOST_NAMED)
              .map(process -> Long.toString(process.pid()))
              .collect(Collectors.joining(", "));
      return "%d still running in the background (pid %s%s), to be ended with this step"
          .formatted(leftOver.size(), pids, leftOver.size() > MOST_NAMED ? ", …" : "");
    }

    boolean truncated() {
      return outputBytes > OUTPUT_LIMIT;
    }
  }

  /**
   * Runs a script until its shell ends; an interruption, or the step's cancel, kills all that it
   * started. What it leaves running in the background is killed when the step's run is over.
   */
  Result run(String script, Path directory, StepContext context) throws Exception {
    Path file = null;
    try {
      List<String> command = List.of(program, "-c", script, program);
      if (script.getBytes(StandardCharsets.UTF_8).length > LONGEST_ARGUMENT) {
        file = Files.createTempFile("windlass-", ".sh");
        Files.writeString(file, script);
        command = List.of(program, file.toString());
      }
      return run(launcher.start(command, directory), context);
    } finally {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Runs a program to its end, as {@link #run(String, Path, StepContext)} does a script. */
  Result command(List<String> command, Path directory, StepContext context) throws Exception {
    return run(launcher.start(command, directory), context);
  }

  private static Result run(ProcessTree tree, StepContext context) throws Exception {
    boolean ended = false;
    AtomicBoolean cancelled = new AtomicBoolean();
    Runnable cancel =
        () -> {
          cancelled.set(true);
          tree.kill();
        };
    try (AutoCloseable _ = context.onCancel(cancel)) {
      Process process = tree.process();
      Drain output = Drain.beginning(process.getInputStream(), OUTPUT_LIMIT);
      Drain errors = Drain.end(process.getErrorStream(), ERROR_LIMIT);
      int code = process.waitFor();
      // What runs on in the background may hold the pipes open for ever.
      boolean closed = output.await(GRACE) && errors.await(GRACE);
      if (cancelled.get()) {
        throw new InterruptedException("the script was stopped with its step");
      }
      List<ProcessHandle> leftOver = tree.leftOver();
      if (!closed || !leftOver.isEmpty()) {
        context.atEnd(tree::kill);
      }
      ended = true;
      return new Result(code, output.text(), output.total(), errors.text(), leftOver);
    } finally {
      if (!ended) {
        tree.kill();
      }
    }
  }

  /** Whether there is such a program on the path; a name with a slash is where it is. */
  static boolean onPath(String name) {
    if (name.indexOf('/') >= 0) {
      return Files.isExecutable(Path.of(name));
    }
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
        return true;
      }
    }
    return false;
  }
}
