package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows how the newest runs went. */
@Command(
    name = "stats",
    description = {
      "Show how the newest runs went, of one definition, of a kind or of all: how many succeeded,",
      "how long these took, and what they used."
    },
    footer = {
      "",
      "Example:",
      "  windlass stats repo-health",
      "  windlass stats --kind graph --json"
    })
final class StatsCommand extends RemoteCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Only runs of the definition so named.")
  private @Nullable String name;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only runs of this kind: chain, pipeline, graph or workflow.")
  private @Nullable String kind;

  StatsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    String query = kind == null ? "" : "&kind=" + Http.escape(kind);
    query += name == null ? "" : "&name=" + Http.escape(name);
    JsonNode stats = unified().get("/v1/stats" + (query.isEmpty() ? "" : "?" + query.substring(1)));
    answer(stats, text(stats));
    return ExitCode.OK;
  }

  private static String text(JsonNode stats) {
    if (Documents.number(stats, "runs") instanceof Long runs && runs == 0) {
      return "No runs yet";
    }
    Fields fields = new Fields(14);
    fields.add("runs", runs(stats));
    for (String status : Statuses.ALL) {
      Long count = Documents.number(stats, status);
      fields.add("  " + status, count == null || count == 0 ? "" : count.toString());
    }
    JsonNode rate = stats.path("success_rate");
    fields.add("success rate", rate.isNumber() ? percent(rate.doubleValue()) : "");
    JsonNode took = stats.path("duration_ms");
    fields.add("took", took.isObject() ? took(took) : "");
    fields.add("tokens", tokens(stats));
    fields.add("cost", cost(stats));
    fields.add("last run", Documents.text(stats, "last_run_at"));
    return fields.text();
  }

  private static String runs(JsonNode stats) {
    Long runs = Documents.number(stats, "runs");
    Long most = Documents.number(stats, "newest_at_most");
    return runs != null && runs.equals(most)
        ? "the newest " + runs
        : String.valueOf(runs == null ? 0 : runs);
  }

  private static String percent(double rate) {
    return Math.round(rate * 1000) / 10.0 + " % of those that have ended";
  }

  private static String took(JsonNode took) {
    return "%s in the middle, 95 %% within %s, %s at most"
        .formatted(
            Wording.duration(Documents.number(took, "median")),
            Wording.duration(Documents.number(took, "p95")),
            Wording.duration(Documents.number(took, "longest")));
  }

  private static String tokens(JsonNode stats) {
    Long in = Documents.number(stats, "input_tokens");
    Long out = Documents.number(stats, "output_tokens");
    return "%d in, %d out".formatted(in == null ? 0 : in, out == null ? 0 : out);
  }

  private static String cost(JsonNode stats) {
    JsonNode known = stats.path("known_cost_usd");
    String cost = known.isNumber() ? "$" + known.decimalValue().toPlainString() : "unknown";
    Long unknown = Documents.number(stats, "runs_of_unknown_cost");
    return unknown == null || !known.isNumber()
        ? cost
        : cost + ", and " + Wording.plural(unknown, "run") + " of unknown cost";
  }
}
