package io.windlass.cli;

import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Prints the events of an execution, and those to come. */
@Command(
    name = "logs",
    description = "Print the events of an execution from its beginning and follow it to its end.",
    footer = {
      "",
      "With --json each event is one line. Exit code 1 when the run failed.",
      "",
      "Example:",
      "  windlass logs 1a2b3c4d5e6f7890 --no-follow"
    })
final class LogsCommand extends RemoteCommand {
  private static final long PATIENCE_MS = 120_000;

  @Parameters(paramLabel = "EXECUTION", description = "Its id, of any kind.")
  private String id = "";

  @Option(
      names = "--no-follow",
      description = "Stop at the last event there is now; the exit code is 0 then.")
  private boolean noFollow;

  @Option(
      names = {"-s", "--stream"},
      description = "Print the text of the steps too.")
  private boolean stream;

  LogsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    StepLines lines = new StepLines(terminal.outColours(), true);
    BiConsumer<RunEvent, JsonNode> print = (event, frame) -> print(event, frame, lines);
    if (noFollow) {
      pages(print);
      stillOpen();
      return ExitCode.OK;
    }
    Http unified = unified();
    // Asked first, because a stream may well wait for an id that never comes.
    var _ = unified.get(Http.path("v1", "executions", id));
    Optional<JsonNode> record;
    try (ChildQuestions children =
        new ChildQuestions(
            unified,
            id,
            event -> {
              told(event, lines);
              how(unified, event);
            })) {
      if (!connection.json) {
        var _ = children.start();
      }
      record =
          new RunSite.OfAny(unified, id, null)
              .watch(PATIENCE_MS, terminal::say)
              .follow((event, frame) -> {
                children.heard(event);
                print.accept(event, frame);
                how(unified, event);
              });
    }
    return record.isPresent() && RunWatch.hasSucceeded(record.get())
        ? ExitCode.OK
        : ExitCode.FAILED;
  }

  private synchronized void told(RunEvent event, StepLines lines) {
    lines.of(event).forEach(line -> write(null, line));
  }

  /** How a question is answered that is still open; the history tells others, too. */
  private void how(Http unified, RunEvent event) {
    if (connection.json || !(event instanceof RunEvent.Asked asked)) {
      return;
    }
    new Inbox(unified)
        .told(id, asked)
        .ifPresent(open -> {
          synchronized (this) {
            write(null, "       answer with: " + OpenQuestion.command(open.id(), open.options()));
          }
        });
  }

  /** What it waits with now, which the events of the execution itself do not all tell. */
  private void stillOpen() {
    if (!connection.json) {
      String open = OpenQuestion.list(id, new Inbox(unified()).within(id));
      open.lines().forEach(line -> write(null, line));
    }
  }

  private void pages(BiConsumer<RunEvent, JsonNode> print) {
    Http unified = unified();
    String cursor = "";
    do {
      JsonNode page =
          unified.get(
              Http.path("v1", "executions", id, "events")
                  + "?limit=1000"
                  + (cursor.isEmpty() ? "" : "&cursor=" + Http.escape(cursor)));
      for (JsonNode frame : page.path("items")) {
        print.accept(RunEvent.of(frame), frame);
      }
      cursor = Documents.text(page, "next_cursor");
    } while (!cursor.isEmpty());
  }

  private synchronized void print(RunEvent event, JsonNode frame, StepLines lines) {
    if (connection.json) {
      terminal.out().println(Documents.write(frame));
      return;
    }
    String time = time(Documents.text(frame, "at"));
    if (event instanceof RunEvent.StepOutput output && stream) {
      output.chunk().lines().forEach(line -> write(time, "       " + Wording.clean(line)));
    }
    lines.of(event).forEach(line -> write(time, line));
  }

  private void write(@Nullable String time, String line) {
    terminal.out().println(time == null ? line : time + "  " + line);
  }

  /** The time of day of an instant as the surfaces write it. */
  private static @Nullable String time(String instant) {
    int t = instant.indexOf('T');
    return t > 0 && instant.length() >= t + 9 ? instant.substring(t + 1, t + 9) : null;
  }
}
