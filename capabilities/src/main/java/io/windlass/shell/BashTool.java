package io.windlass.shell;

import io.windlass.kernel.Json;
import io.windlass.process.Launcher;
import io.windlass.text.Excerpt;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/** The tool {@code bash}: a command of the model's, run where the step works. */
public final class BashTool implements Tool {
  private static final ObjectNode SCHEMA =
      (ObjectNode)
          Json.read(
              """
              {"type": "object", "required": ["command"], "additionalProperties": false, "properties": {
                "command": {"type": "string", "minLength": 1}}}
              """);

  private static final int OUTPUT = 40_000;
  private static final int ERRORS = 8_000;

  private final Path workspace;
  private final Shell shell;

  /**
   * The tool.
   *
   * @param workspace where commands of steps without a {@code cwd} run, and what a relative one is
   *     in
   * @param launcher starts the shell
   */
  public BashTool(Path workspace, Launcher launcher) {
    this.shell = new Shell(launcher);
    this.workspace = workspace.toAbsolutePath();
  }

  @Override
  public String name() {
    return "bash";
  }

  @Override
  public String description() {
    return "Runs a shell command without a terminal or input and gives its output, what it wrote to"
        + " stderr, and its exit code. Each call begins in the working folder. It returns when the"
        + " shell ends; what runs on in the background is stopped when the step ends.";
  }

  @Override
  public ObjectNode schema() {
    return SCHEMA.deepCopy();
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public ToolResult call(ToolCall call) throws Exception {
    String command = call.arguments().path("command").asString();
    if (command.indexOf('\0') >= 0) {
      return ToolResult.failure("The command holds a NUL character; remove it");
    }
    Path directory;
    try {
      directory = call.cwd() == null ? workspace : workspace.resolve(call.cwd());
    } catch (InvalidPathException e) {
      return ToolResult.failure("The step's cwd is not a path: " + call.cwd());
    }
    if (directory.equals(workspace)) {
      Files.createDirectories(workspace);
    }
    if (!Files.isDirectory(directory)) {
      return ToolResult.failure("The step's cwd is not a folder: " + directory);
    }
    Shell.Result result = shell.run(command, directory, call.context());
    return new ToolResult(told(result), result.code() != 0);
  }

  /** The exit code comes last and is never cut. */
  private static String told(Shell.Result result) {
    StringBuilder text = new StringBuilder(Excerpt.head(result.output(), OUTPUT).stripTrailing());
    if (result.output().length() > OUTPUT) {
      text.append(
          "%n[cut: only the first %d characters of %d bytes are shown; send long output to a file]"
              .formatted(OUTPUT, result.outputBytes()));
    }
    String errors = result.errors().strip();
    if (!errors.isEmpty()) {
      text.append(text.isEmpty() ? "" : "\n").append("[stderr]\n");
      text.append(
          errors.length() > ERRORS ? "…" + errors.substring(errors.length() - ERRORS) : errors);
    }
    if (!result.leftOverTold().isEmpty()) {
      text.append(text.isEmpty() ? "" : "\n").append("[%s]".formatted(result.leftOverTold()));
    }
    if (result.code() != 0) {
      text.append(text.isEmpty() ? "" : "\n").append("[exit code %d]".formatted(result.code()));
    }
    return text.isEmpty() ? "[no output, exit code 0]" : text.toString();
  }
}
