package io.windlass.model;

import io.windlass.process.Launcher;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The command lines that answer as models.
 *
 * @param claude what runs Claude Code: a name on the {@code PATH}, or a path
 * @param codex what runs Codex
 * @param environment the variables of this server, of which they get those that they need
 * @param launcher starts them, with the variables that any program gets
 */
public record Programs(
    String claude, String codex, Map<String, String> environment, Launcher launcher) {
  public Programs {
    environment = Map.copyOf(environment);
  }

  /** Where a program is; empty when it is not there or cannot be run. */
  Optional<Path> find(String program) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program).toAbsolutePath()).filter(Files::isExecutable);
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path file = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  /** Everything but the variables, which hold secrets. */
  @Override
  public String toString() {
    return "claude-code as %s, codex as %s".formatted(claude, codex);
  }
}
