package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** The arguments that name a chain, saved or in a file here, and give it its input. */
final class ChainOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "CHAIN",
      description =
          "A chain's name, or the path of a chain file (.yaml, .yml or .json); with --kind,"
              + " another document's.")
  private @Nullable String chain;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A chain file; it is called CHAIN, or by its own name.")
  private @Nullable String file;

  @Mixin final KindOption kind = new KindOption();
  @Mixin private final InputOptions input = new InputOptions();
  @Mixin private final ExampleOption example = new ExampleOption();

  ChainSource source() {
    return ChainSource.of(chain, file);
  }

  ObjectNode input(Terminal terminal) {
    return input.read(example("input.json", terminal), terminal);
  }

  /**
   * Makes of the texts of an input what the definition takes.
   *
   * @param text the document in the file; null when a saved one is named
   */
  void type(ObjectNode given, ChainSource source, @Nullable String text, Http unified) {
    if (InputTypes.matterFor(kind.name()) && input.hasTexts()) {
      input.type(
          given,
          text == null
              ? InputTypes.of(unified, kind.name(), source.name())
              : InputTypes.ofDraft(unified, kind.name(), source.name(), text));
    }
  }

  /** A file of the library's example, when that was asked for. */
  @Nullable String example(String ending, Terminal terminal) {
    return example.file(source().name(), ending, terminal);
  }

  /** The text of the file; null when a saved chain is named. */
  static @Nullable String text(ChainSource source, Terminal terminal) {
    return source.file() == null ? null : InputOptions.text(source.file(), terminal);
  }
}
