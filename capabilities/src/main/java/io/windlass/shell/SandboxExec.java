package io.windlass.shell;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.process.Launcher;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.WorkFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The pre-tool {@code sandbox_exec}: a command's output inside a container of a docker image,
 * without network, capabilities or more than its share of the machine; gone when it ends.
 */
public final class SandboxExec implements PreTool {
  private static final int SHOWN = 2_000;
  private static final long REMOVAL_SECONDS = 20;
  private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}");
  private static final Pattern INNER = Pattern.compile("/[^:,]*");

  private final WorkFiles files;
  private final Path workspace;
  private final String docker;
  private final Shell shell;
  private final Map<String, String> environment;

  /**
   * The pre-tool.
   *
   * @param workspace where the docker program runs
   * @param docker its name on the path, or where it is
   * @param launcher starts it
   */
  public SandboxExec(WorkFiles files, Path workspace, String docker, Launcher launcher) {
    this.shell = new Shell(launcher);
    this.environment = launcher.environment();
    this.files = files;
    this.workspace = workspace;
    this.docker = docker;
  }

  @Override
  public String name() {
    return "sandbox_exec";
  }

  @Override
  public List<String> required() {
    return List.of("image", "command");
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    String image = call.text("image").trim();
    if (!IMAGE.matcher(image).matches()) {
      throw WindlassException.invalid(
          "sandbox_exec: image must be the name of a docker image, as node:20-alpine, not \""
              + image
              + "\"");
    }
    if (call.raw("command").isBlank()) {
      throw WindlassException.invalid("sandbox_exec: the command is empty");
    }
    String script = ShellScript.of(call.raw("command"), call.state());
    String mount = call.text("mount").trim();
    String volume = mount.isEmpty() ? "" : volume(mount);
    if (!Shell.onPath(docker)) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "sandbox_exec needs the program docker and a running engine: install the Debian package"
              + " docker.io, or Docker's own");
    }
    String container = "windlass-" + UUID.randomUUID();
    List<String> command = command(container, image, volume, script);
    Files.createDirectories(workspace);
    boolean ended = false;
    try {
      Shell.Result result = shell.command(command, workspace, call.context());
      ended = true;
      return output(result, image);
    } finally {
      if (!ended) {
        remove(container);
      }
    }
  }

  private List<String> command(String container, String image, String volume, String script) {
    List<String> command =
        new ArrayList<>(
            List.of(
                docker,
                "run",
                "--rm",
                "--name",
                container,
                "--network",
                "none",
                "--memory",
                "512m",
                "--memory-swap",
                "512m",
                "--cpus",
                "1",
                "--pids-limit",
                "256",
                "--cap-drop",
                "ALL",
                "--security-opt",
                "no-new-privileges"));
    if (!volume.isEmpty()) {
      command.addAll(List.of("--volume", volume));
    }
    command.addAll(List.of("--entrypoint", "/bin/sh", image, "-c", script));
    return command;
  }

  /** {@code folder}, {@code folder:inside} or {@code folder:inside:ro|rw}; read-only unless rw. */
  private String volume(String mount) {
    String[] parts = mount.split(":", -1);
    String inner = parts.length > 1 && !parts[1].isEmpty() ? parts[1] : "/workspace";
    String mode = parts.length > 2 ? parts[2].toLowerCase(Locale.ROOT) : "ro";
    if (parts.length > 3
        || !INNER.matcher(inner).matches()
        || !(mode.equals("ro") || mode.equals("rw"))) {
      throw WindlassException.invalid(
          "sandbox_exec: mount must be folder:/inside or folder:/inside:rw, not \"" + mount + "\"");
    }
    Path outer = files.whole(parts[0]);
    if (!Files.exists(outer)) {
      throw WindlassException.invalid(
          "sandbox_exec: there is nothing to mount at " + outer + "; make the folder first");
    }
    if (outer.toString().indexOf(':') >= 0) {
      throw WindlassException.invalid(
          "sandbox_exec: docker mounts no folder with a colon in its name: " + outer);
    }
    return outer + ":" + inner + ":" + mode;
  }

  private static String output(Shell.Result result, String image) throws IOException {
    String errors = result.errors().strip();
    if (result.code() == 125) {
      throw engine(errors, image);
    }
    if (result.code() != 0) {
      String shown = errors.isEmpty() ? result.output().strip() : errors;
      throw new IOException(
          "sandbox_exec exited with code %d%s"
              .formatted(result.code(), shown.isEmpty() ? "" : ": " + end(shown)));
    }
    return result.output().stripTrailing() + (result.truncated() ? "\n[truncated]" : "");
  }

  /** What docker itself says, before the command ran. */
  private static WindlassException engine(String errors, String image) {
    String lower = errors.toLowerCase(Locale.ROOT);
    if (lower.contains("daemon") && (lower.contains("connect") || lower.contains("running"))) {
      return new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "sandbox_exec: docker's engine does not answer; start it, or set DOCKER_HOST to one: "
              + end(errors));
    }
    return new WindlassException(
        ErrorCode.STEP_FAILED,
        "sandbox_exec: docker did not run image %s: %s".formatted(image, end(errors)));
  }

  /** The container does not end with the program that started it. */
  private void remove(String container) {
    boolean interrupted = Thread.interrupted();
    try {
      ProcessBuilder builder =
          new ProcessBuilder(docker, "rm", "--force", container)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process removal = builder.start();
      if (!removal.waitFor(REMOVAL_SECONDS, TimeUnit.SECONDS)) {
        removal.destroyForcibly();
      }
    } catch (IOException e) {
      // Without docker there is no container either.
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String end(String text) {
    return text.length() > SHOWN ? "…" + text.substring(text.length() - SHOWN) : text;
  }
}
