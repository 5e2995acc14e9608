package io.windlass.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows one execution with its steps, or the newest ones. */
@Command(
    name = "status",
    description = "Show an execution with its steps; without an id, the newest executions.",
    footer = {
      "",
      "Example:",
      "  windlass status",
      "  windlass status 1a2b3c4d5e6f7890 --json | jq -r .result"
    })
final class StatusCommand extends RemoteCommand {
  @Parameters(arity = "0..1", paramLabel = "EXECUTION", description = "Its id, of any kind.")
  private @Nullable String id;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many executions to list, 1 to 200 (default 20).")
  private int limit = 20;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "List only queued, running, waiting, succeeded, failed or cancelled ones.")
  private @Nullable String only;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "List only executions of this kind: chain, pipeline, graph or workflow.")
  private @Nullable String kind;

  StatusCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (id == null) {
      list();
    } else {
      JsonNode execution = unified().get(Http.path("v1", "executions", id));
      answer(execution, describe(execution) + asked(execution));
    }
    return ExitCode.OK;
  }

  /** What it waits with, asked by itself or by what it started. */
  private String asked(JsonNode execution) {
    if (connection.json || RunWatch.hasEnded(execution)) {
      return "";
    }
    String id = Documents.text(execution, "public_id");
    String open = OpenQuestion.list(id, new Inbox(unified()).within(id));
    return open.isEmpty() ? "" : "\n" + open;
  }

  private void list() {
    if (limit < 1 || limit > 200) {
      throw CliException.usage("--limit %d is not between 1 and 200".formatted(limit));
    }
    String query = "?limit=" + limit;
    query += only == null ? "" : "&status=" + Http.escape(only);
    query += kind == null ? "" : "&kind=" + Http.escape(kind);
    JsonNode page = unified().get("/v1/executions" + query);
    Table table = new Table("ID", "KIND", "NAME", "STATUS", "STARTED", "DURATION", "ERROR");
    for (JsonNode execution : page.path("items")) {
      table.row(
          Documents.text(execution, "public_id"),
          Documents.text(execution, "kind"),
          Documents.text(execution, "name"),
          Documents.text(execution, "status"),
          Documents.text(execution, "created_at"),
          Wording.duration(Documents.number(execution, "duration_ms")),
          Wording.line(Documents.text(execution, "error"), 60));
    }
    answer(page, table.isEmpty() ? "No executions" : table.text());
  }

  private static String describe(JsonNode execution) {
    Fields fields = new Fields(10);
    fields.add("id", Documents.text(execution, "public_id"));
    fields.add(Documents.text(execution, "kind"), Documents.text(execution, "name"));
    fields.add("status", Documents.text(execution, "status"));
    fields.add("stopping", stopping(execution.path("stopping")));
    fields.add("started", Documents.text(execution, "created_at"));
    fields.add("ended", Documents.text(execution, "finished_at"));
    fields.add("took", Wording.duration(Documents.number(execution, "duration_ms")));
    fields.add("usage", usage(execution.path("usage")));
    fields.add("error", Documents.text(execution, "error"));
    StringBuilder text = new StringBuilder(fields.text());
    Table table = new Table("STEP", "KIND", "STATUS", "DURATION", "TOKENS", "ERROR");
    for (JsonNode step : execution.path("steps")) {
      table.row(
          Documents.text(step, "id"),
          Documents.text(step, "kind"),
          Documents.text(step, "status"),
          Wording.duration(Documents.number(step, "duration_ms")),
          tokens(step.path("usage")),
          Wording.line(Documents.text(step, "error"), 60));
    }
    if (!table.isEmpty()) {
      text.append('\n').append(table.text());
    }
    String result = Documents.text(execution, "result");
    if (!result.isEmpty()) {
      text.append("\nresult:\n").append(result);
    }
    return text.toString();
  }

  private static String stopping(JsonNode stopping) {
    return stopping.isObject()
        ? "told by %s at %s: what runs comes to its end, nothing more begins"
            .formatted(Documents.text(stopping, "by"), Documents.text(stopping, "at"))
        : "";
  }

  private static String tokens(JsonNode usage) {
    Long in = Documents.number(usage, "input_tokens");
    Long out = Documents.number(usage, "output_tokens");
    long all = (in == null ? 0 : in) + (out == null ? 0 : out);
    return all == 0 ? "" : (in == null ? 0 : in) + " + " + (out == null ? 0 : out);
  }

  private static String usage(JsonNode usage) {
    String tokens = tokens(usage);
    if (tokens.isEmpty()) {
      return "";
    }
    String cost = Documents.text(usage, "cost_usd");
    return tokens + " tokens, " + (cost.isEmpty() ? "cost unknown" : "$" + cost);
  }
}
