package io.windlass.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a CHAIN argument means: a name that the server knows, or a file here.
 *
 * @param name the name at the server
 * @param file the file; null for a name
 */
record ChainSource(String name, @Nullable String file) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*");

  /**
   * @param argument a name, or a path that ends in .yaml or .yml
   * @param file the file of {@code --file}
   */
  static ChainSource of(@Nullable String argument, @Nullable String file) {
    if (file != null) {
      return new ChainSource(checked(argument == null ? base(file) : argument), file);
    }
    if (argument == null) {
      throw CliException.usage("Which chain? Name one (`windlass list` shows them), or use --file");
    }
    boolean yaml = argument.endsWith(".yaml") || argument.endsWith(".yml");
    return yaml && (argument.contains("/") || exists(argument))
        ? new ChainSource(checked(base(argument)), argument)
        : new ChainSource(checked(argument), null);
  }

  private static boolean exists(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String base(String file) {
    return file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.ya?ml$", "");
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches() || name.contains("..")) {
      throw CliException.usage(
          "Invalid name %s: a name begins with a letter or digit and has letters, digits, . _ -"
              .formatted(Wording.line(name, 100)));
    }
    return name;
  }
}
