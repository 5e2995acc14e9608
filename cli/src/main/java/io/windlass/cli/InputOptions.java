package io.windlass.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The options that give a run its input. */
final class InputOptions {
  @Option(
      names = {"-i", "--input"},
      paramLabel = "KEY=VALUE",
      description =
          "One input; may be repeated. Where a graph or workflow declares KEY as a number, boolean,"
              + " list or object, VALUE is read as JSON. KEY=@FILE takes the text of a file,"
              + " KEY=@- standard input, KEY=@@X the text @X.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--input-file",
      paramLabel = "FILE",
      description = "A JSON object with inputs (- is standard input); -i goes before it.")
  private @Nullable String inputFile;

  ObjectNode read(Terminal terminal) {
    return read(null, terminal);
  }

  /**
   * What was given.
   *
   * @param example a file of inputs that stands for {@code --input-file}; null for none
   */
  ObjectNode read(@Nullable String example, Terminal terminal) {
    if (example != null && inputFile != null) {
      throw CliException.usage("Give --example or --input-file, not both");
    }
    String file = example == null ? inputFile : example;
    ObjectNode input = file == null ? Documents.object() : object(file, terminal);
    for (String pair : inputs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw CliException.usage(
            "-i %s has no KEY=VALUE; write for example -i topic=rivers".formatted(pair));
      }
      String value = pair.substring(equals + 1);
      if (value.startsWith("@@")) {
        value = value.substring(1);
      } else if (value.startsWith("@")) {
        value = text(value.substring(1), terminal);
      }
      input.put(pair.substring(0, equals), value);
    }
    return input;
  }

  /** Whether anything was given as text, which may stand for something else. */
  boolean hasTexts() {
    return !inputs.isEmpty();
  }

  /** Puts in place of the texts of {@code -i} what they stand for. */
  void type(ObjectNode input, InputTypes types) {
    for (String pair : inputs) {
      String name = pair.substring(0, pair.indexOf('='));
      if (input.get(name) instanceof StringNode text) {
        input.set(name, types.value(name, text.stringValue()));
      }
    }
  }

  private static ObjectNode object(String file, Terminal terminal) {
    try {
      JsonNode tree = Documents.read(text(file, terminal));
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw CliException.usage("--input-file %s holds no JSON object".formatted(file));
    } catch (JacksonException e) {
      throw CliException.usage(
          "--input-file %s is no JSON: %s"
              .formatted(file, Wording.line(e.getOriginalMessage(), 200)));
    }
  }

  /** The text of a file that the user named, or of standard input for {@code -}. */
  static String text(String file, Terminal terminal) {
    try {
      if (file.equals("-")) {
        return new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8);
      }
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw CliException.usage(file + " is a directory, not a file");
      }
      return Files.readString(path);
    } catch (NoSuchFileException e) {
      throw CliException.usage("There is no file " + file);
    } catch (MalformedInputException e) {
      throw CliException.usage(file + " is no text in UTF-8");
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw CliException.usage("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
