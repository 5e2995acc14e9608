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

  private static final Pattern ENDING = Pattern.compile("\\.(ya?ml|json)$");

  /**
   * @param argument a name, or the path of a file: one that ends in .yaml, .yml or .json, or of a
   *     file that is there; a bare word is a name always
   * @param file the file of {@code --file}
   */
  static ChainSource of(@Nullable String argument, @Nullable String file) {
    if (file != null) {
      return new ChainSource(checked(argument == null ? base(file) : argument), file);
    }
    if (argument == null) {
      throw CliException.usage("Which chain? Name one (`windlass list` shows them), or use --file");
    }
    boolean bare = argument.indexOf('/') < 0 && argument.indexOf('.') < 0;
    return ENDING.matcher(argument).find() || (!bare && exists(argument))
        ? new ChainSource(checked(base(argument)), argument)
        : new ChainSource(checked(argument), null);
  }

  private static boolean exists(String path) {
    try {
      return Files.isRegularFile(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String base(String file) {
    return file.substring(file.lastIndexOf('/') + 1).replaceFirst(ENDING.pattern(), "");
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
