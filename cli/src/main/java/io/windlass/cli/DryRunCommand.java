package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows what a run would do. */
@Command(
    name = "dry-run",
    description = {
      "Show what a run would do: its waves, the prompts, the calls by model and their cost.",
      "Nothing is executed; a cost that cannot be known is shown as unknown."
    },
    footer = {"", "Example:", "  windlass dry-run repo-health -i path=."})
final class DryRunCommand extends RemoteCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "CHAIN",
      description = "A chain's name, or the path of a chain file.")
  private @Nullable String chain;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A chain file; it is not saved.")
  private @Nullable String file;

  @Mixin private final InputOptions input = new InputOptions();

  DryRunCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ChainSource source = ChainSource.of(chain, file);
    var body = Documents.object();
    body.set("input", input.read(terminal));
    if (source.file() != null) {
      body.put("source", InputOptions.text(source.file(), terminal));
      body.put("name", source.name());
    }
    try (TemporaryServer _ = TemporaryServer.ifNoneListens(connection, terminal)) {
      String path =
          source.file() == null
              ? Http.path("v1", "definitions", "chain", source.name(), "plan")
              : Http.path("v1", "definitions", "chain", "plan");
      JsonNode plan = unified().post(path, body);
      answer(plan, PlanText.of(plan));
      return ExitCode.OK;
    }
  }

  /** Words for the plan of a chain. */
  static final class PlanText {
    private PlanText() {}

    static String of(JsonNode plan) {
      StringBuilder text = new StringBuilder();
      int number = 1;
      for (JsonNode wave : plan.path("waves")) {
        text.append("wave ").append(number++).append('\n');
        for (JsonNode step : wave.isArray() ? wave : wave.path("steps")) {
          step(text, step.isString() ? named(plan, step.stringValue()) : step);
        }
      }
      calls(text, first(plan, "calls", "calls_by_model"));
      JsonNode cost = first(plan, "cost_usd", "estimated_cost_usd");
      text.append("cost    ").append(cost.isNumber() ? "about $" + cost : "unknown").append('\n');
      for (JsonNode warning : plan.path("warnings")) {
        text.append("warning ").append(finding(warning)).append('\n');
      }
      return text.toString();
    }

    private static void step(StringBuilder text, JsonNode step) {
      List<String> words = new ArrayList<>();
      for (String field : List.of("type", "kind", "model")) {
        String word = Documents.text(step, field);
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
      text.append("  ").append(Documents.text(step, "id"));
      text.append("  [").append(String.join(", ", words)).append("]\n");
      String prompt = Documents.show(first(step, "prompt", "prompt_preview"));
      if (!prompt.isBlank()) {
        text.append("      ").append(Wording.line(prompt, 240)).append('\n');
      }
    }

    private static JsonNode named(JsonNode plan, String id) {
      for (JsonNode step : plan.path("steps")) {
        if (id.equals(Documents.text(step, "id"))) {
          return step;
        }
      }
      return Documents.object().put("id", id);
    }

    private static void calls(StringBuilder text, JsonNode calls) {
      if (calls.isEmpty()) {
        text.append("calls   none to a model\n");
      }
      if (calls.isObject()) {
        calls.properties().forEach(e -> call(text, e.getKey(), Documents.show(e.getValue())));
      } else {
        calls.forEach(c ->
            call(text, Documents.text(c, "model"), Documents.show(first(c, "calls", "count"))));
      }
    }

    private static void call(StringBuilder text, String model, String count) {
      text.append("calls   ").append(count).append(" × ").append(model).append('\n');
    }

    private static JsonNode first(JsonNode object, String field, String other) {
      return object.has(field) ? object.path(field) : object.path(other);
    }

    private static String finding(JsonNode warning) {
      return warning.isObject()
          ? Documents.text(warning, "path") + ": " + Documents.text(warning, "reason")
          : Documents.show(warning);
    }
  }
}
