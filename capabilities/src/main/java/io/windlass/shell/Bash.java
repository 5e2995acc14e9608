package io.windlass.shell;

import io.windlass.kernel.WindlassException;
import io.windlass.process.Launcher;
import io.windlass.step.LogLevel;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The pre-tool {@code bash}: a command's output. Its exit code other than 0 is an error, unless
 * {@code stderr: true} asks for the whole story: then what it wrote to stderr and the code follow.
 */
public final class Bash implements PreTool {
  private static final int SHOWN = 2_000;

  private final Path workspace;
  private final Shell shell;

  /**
   * The pre-tool.
   *
   * @param workspace where commands run that name no {@code cwd}, and what a relative one is in
   * @param launcher starts the shell
   */
  public Bash(Path workspace, Launcher launcher) {
    this.shell = new Shell(launcher);
    this.workspace = workspace.toAbsolutePath();
  }

  @Override
  public String name() {
    return "bash";
  }

  @Override
  public List<String> required() {
    return List.of("command");
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    String command = call.raw("command");
    if (command.isBlank()) {
      throw WindlassException.invalid("bash: the command is empty");
    }
    Path directory = workspace.resolve(call.text("cwd"));
    if (!Files.isDirectory(directory)) {
      throw WindlassException.invalid("bash: cwd is not a directory: " + directory);
    }
    Shell.Result result =
        shell.run(ShellScript.of(command, call.state()), directory, call.context());
    String output = withoutLastNewlines(result.output());
    if (result.truncated()) {
      call.context()
          .log(
              LogLevel.WARN,
              "bash: only the first %d of %d bytes of output are kept"
                  .formatted(Shell.OUTPUT_LIMIT, result.outputBytes()));
      output += "\n[truncated]";
    }
    if (!result.leftOverTold().isEmpty()) {
      call.context().log(LogLevel.INFO, "bash: " + result.leftOverTold());
    }
    if (call.flag("stderr")) {
      return whole(output, result);
    }
    if (result.code() != 0) {
      throw new IOException("bash exited with code " + result.code() + reason(result));
    }
    return output;
  }

  private static String whole(String output, Shell.Result result) {
    StringBuilder all = new StringBuilder(output);
    if (!result.errors().isBlank()) {
      all.append("\n[stderr]\n").append(withoutLastNewlines(result.errors()));
    }
    if (result.code() != 0) {
      all.append("\n[exit code ").append(result.code()).append(']');
    }
    return all.toString();
  }

  private static String reason(Shell.Result result) {
    String errors = result.errors().strip();
    if (!errors.isEmpty()) {
      return ": " + end(errors);
    }
    String output = result.output().strip();
    return output.isEmpty() ? " and wrote nothing" : " after writing: " + end(output);
  }

  /** As a shell's own substitution takes output. */
  private static String withoutLastNewlines(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
    }
    return text.substring(0, end);
  }

  private static String end(String text) {
    return text.length() > SHOWN ? "…" + text.substring(text.length() - SHOWN) : text;
  }
}
