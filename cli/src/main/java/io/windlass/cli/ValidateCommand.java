package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Checks a document without saving or running it. */
@Command(
    name = "validate",
    description =
        "Check a chain, saved or in a file, and print one `path: reason` line per finding.",
    footer = {
      "",
      "Exit code 1 when there are errors (with --strict also when there are warnings).",
      "",
      "Example:",
      "  windlass validate ./my-chain.yaml --strict",
      "  windlass validate --kind workflow research.json"
    })
final class ValidateCommand extends RemoteCommand {
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
      description = "A file to check (- is standard input).")
  private @Nullable String file;

  @Mixin private final KindOption kinds = new KindOption();

  @Option(names = "--strict", description = "Warnings fail too.")
  private boolean strict;

  ValidateCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    String kind = kinds.name();
    boolean piped = "-".equals(file);
    ChainSource source = ChainSource.of(piped && chain == null ? "draft" : chain, file);
    String local = source.file() == null ? null : InputOptions.text(source.file(), terminal);
    try (TemporaryServer _ = TemporaryServer.ifNoneListens(connection, terminal)) {
      String text = local == null ? saved(kind, source.name()) : local;
      JsonNode found =
          unified()
              .post(
                  Http.path("v1", "definitions", kind, "validate")
                      + "?name="
                      + Http.escape(source.name()),
                  Documents.object().put("source", text));
      List<String> errors = lines(found, "errors", true);
      List<String> warnings = lines(found, "warnings", false);
      answer(found, report(source.name(), errors, warnings));
      return errors.isEmpty() && (!strict || warnings.isEmpty()) ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private String saved(String kind, String name) {
    if (kinds.isChain()) {
      return chains().text(Http.path("chains", name));
    }
    return Documents.text(unified().get(Http.path("v1", "definitions", kind, name)), "source");
  }

  /** Findings stand in lists of their own, or in one with a flag. */
  private static List<String> lines(JsonNode found, String list, boolean error) {
    List<String> lines = new ArrayList<>();
    for (JsonNode finding : found.path(list)) {
      lines.add(line(finding));
    }
    for (JsonNode finding : found.path("findings")) {
      if (finding.path("error").asBoolean(true) == error) {
        lines.add(line(finding));
      }
    }
    return lines;
  }

  private static String line(JsonNode finding) {
    String path = Documents.text(finding, "path");
    String reason = Documents.text(finding, "reason");
    return path.isEmpty() ? reason : path + ": " + reason;
  }

  private static String report(String name, List<String> errors, List<String> warnings) {
    StringBuilder report = new StringBuilder();
    errors.forEach(line -> report.append("error    ").append(line).append('\n'));
    warnings.forEach(line -> report.append("warning  ").append(line).append('\n'));
    report.append(name).append(": ");
    if (errors.isEmpty() && warnings.isEmpty()) {
      return report.append("sound").toString();
    }
    return report
        .append(Wording.plural(errors.size(), "error"))
        .append(", ")
        .append(Wording.plural(warnings.size(), "warning"))
        .toString();
  }
}
