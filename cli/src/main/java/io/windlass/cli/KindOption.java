package io.windlass.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** The option that says of what kind a document is. */
final class KindOption {
  static final String CHAIN = "chain";
  private static final List<String> KINDS = List.of(CHAIN, "pipeline", "graph", "workflow");

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "What it is: chain (default), pipeline, graph or workflow.")
  private String kind = CHAIN;

  /** The kind's name in the API. */
  String name() {
    if (!KINDS.contains(kind)) {
      throw CliException.usage(
          "--kind %s is none of %s".formatted(Wording.line(kind, 50), String.join(", ", KINDS)));
    }
    return kind;
  }

  boolean isChain() {
    return name().equals(CHAIN);
  }
}
