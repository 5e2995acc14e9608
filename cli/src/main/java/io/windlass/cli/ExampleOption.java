package io.windlass.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that takes the library's example of a definition. */
final class ExampleOption {
  @Option(
      names = "--example",
      description = "The inputs of its example in the library; -i goes before them.")
  private boolean example;

  /**
   * The path of one of the example's files; null when the option was not given.
   *
   * @param name the definition
   * @param ending {@code input.json} or {@code script.yaml}
   * @throws CliException when there is no such file, saying where it was looked for
   */
  @Nullable String file(String name, String ending, Terminal terminal) {
    if (!example) {
      return null;
    }
    String given = terminal.setting("WINDLASS_LIBRARY_DIR");
    String launcher = terminal.setting("WINDLASS_LAUNCHER");
    Path library = Path.of("library");
    if (given != null) {
      library = Path.of(given);
    } else if (launcher != null) {
      library = Path.of(launcher).resolveSibling("library");
    }
    Path file = library.resolve("examples").resolve(name + "." + ending);
    if (!Files.isRegularFile(file)) {
      throw CliException.usage(
          "%s has no example: there is no %s. WINDLASS_LIBRARY_DIR names another library"
              .formatted(name, file));
    }
    return file.toString();
  }
}
