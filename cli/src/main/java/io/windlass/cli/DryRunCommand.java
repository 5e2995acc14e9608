package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows what a run would do. */
@Command(
    name = "dry-run",
    description = {
      "Show what a run would do: its steps, the calls by model and their estimated cost.",
      "The real flow runs, but no model is asked and no tool carried out: a script answers for them,"
          + " or a marked stand-in. Gates approve themselves. Nothing is saved."
    },
    footer = {
      "",
      "Exit code 1 when the run would fail, or could not begin.",
      "",
      "Example:",
      "  windlass dry-run repo-health -i path=\"$PWD\"",
      "  windlass dry-run decision-debate --example",
      "  windlass dry-run --kind graph ASIS --example",
      "  windlass dry-run ./my-chain.yaml -i topic=rivers --script answers.yaml"
    })
final class DryRunCommand extends RemoteCommand {
  @Mixin private final ChainOptions chain = new ChainOptions();

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Answers for models and tools, in YAML or JSON (- is standard input).")
  private @Nullable String script;

  DryRunCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ChainSource source = chain.source();
    var body = Documents.object();
    ObjectNode input = chain.input(terminal);
    body.set("input", input);
    String answers = script == null ? chain.example("script.yaml", terminal) : script;
    if (answers != null) {
      body.put("script", InputOptions.text(answers, terminal));
    }
    String text = ChainOptions.text(source, terminal);
    if (text != null) {
      body.put("source", text).put("name", source.name());
    }
    String kind = chain.kind.name();
    String path =
        text == null
            ? Http.path("v1", "definitions", kind, source.name(), "plan")
            : Http.path("v1", "definitions", kind, "plan");
    try (TemporaryServer _ = TemporaryServer.ifNoneListens(connection, terminal)) {
      chain.type(input, source, text, unified());
      JsonNode plan = unified().post(path, body);
      answer(plan, PlanText.of(plan));
      return Documents.text(plan, "status").equals("succeeded") ? ExitCode.OK : ExitCode.FAILED;
    }
  }
}
