package io.windlass.shell;

import io.windlass.process.Drain;
import io.windlass.process.ProcessTree;
import io.windlass.step.StepContext;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs shell scripts, bash where there is one, else sh. */
final class Shell {
  /** As much as is kept of a script's output, in bytes. */
  static final int OUTPUT_LIMIT = 5 << 20;

  private static final int ERROR_LIMIT = 64 << 10;

  /** What fits into one argument of a process on Linux, with room to spare. */
  private static final int LONGEST_ARGUMENT = 96 << 10;

  private final String program;

  Shell() {
    this.program = onPath("bash") ? "bash" : "sh";
  }

  /**
   * What a script has left.
   *
   * @param code its exit code
   * @param output the beginning of its output
   * @param outputBytes how long its output was in all
   * @param errors the end of what it wrote to stderr
   */
  record Result(int code, String output, long outputBytes, String errors) {
    boolean truncated() {
      return outputBytes > OUTPUT_LIMIT;
    }
  }

  /** Runs a script to its end; an interruption, or the step's cancel, kills all that it started. */
  Result run(String script, Path directory, StepContext context) throws Exception {
    Path file = null;
    try {
      List<String> command = List.of(program, "-c", script, program);
      if (script.getBytes(StandardCharsets.UTF_8).length > LONGEST_ARGUMENT) {
        file = Files.createTempFile("windlass-", ".sh");
        Files.writeString(file, script);
        command = List.of(program, file.toString());
      }
      return run(ProcessTree.start(command, directory), context);
    } finally {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Runs a program to its end, as {@link #run(String, Path, StepContext)} does a script. */
  Result command(List<String> command, Path directory, StepContext context) throws Exception {
    return run(ProcessTree.start(command, directory), context);
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
      output.await();
      errors.await();
      int code = process.waitFor();
      ended = true;
      if (cancelled.get()) {
        throw new InterruptedException("the script was stopped with its step");
      }
      return new Result(code, output.text(), output.total(), errors.text());
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
