package io.windlass.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows when each step of an execution ran. */
@Command(
    name = "timeline",
    description = "Show when each step of an execution began and how long it took, as bars.",
    footer = {"", "Example:", "  windlass timeline 1a2b3c4d5e6f7890"})
final class TimelineCommand extends RemoteCommand {
  private static final int WIDTH = 50;

  @Parameters(paramLabel = "EXECUTION", description = "Its id, of any kind.")
  private String id = "";

  TimelineCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    JsonNode execution = unified().get(Http.path("v1", "executions", id));
    answer(execution, text(execution, Instant.now()));
    return ExitCode.OK;
  }

  private record Span(JsonNode step, Instant from, Instant to) {}

  /**
   * @param now what runs has come so far; by the clock of this machine, which may differ from the
   *     server's
   */
  private static String text(JsonNode execution, Instant now) {
    List<Span> spans = new ArrayList<>();
    Instant first = instant(execution, "created_at");
    Instant last = instant(execution, "finished_at");
    for (JsonNode step : execution.path("steps")) {
      Instant from = instant(step, "started_at");
      if (from == null) {
        continue;
      }
      Instant ended = instant(step, "finished_at");
      Instant to = ended == null ? (last == null ? now : last) : ended;
      spans.add(new Span(step, from, to.isBefore(from) ? from : to));
    }
    String heading =
        "%s %s  %s  %s"
            .formatted(
                Documents.text(execution, "kind"),
                Documents.text(execution, "name"),
                Documents.text(execution, "status"),
                Wording.duration(Documents.number(execution, "duration_ms")));
    if (first == null || spans.isEmpty()) {
      return heading.strip() + "\nNo step has begun";
    }
    Instant end = last == null ? now : last;
    for (Span span : spans) {
      end = span.to().isAfter(end) ? span.to() : end;
    }
    long all = Math.max(1, Duration.between(first, end).toMillis());
    Table table = new Table("STEP", "STATUS", "BEGAN AFTER", "TOOK", "FROM BEGINNING TO END");
    for (Span span : spans) {
      long after = Math.max(0, Duration.between(first, span.from()).toMillis());
      long took = Duration.between(span.from(), span.to()).toMillis();
      table.row(
          Documents.text(span.step(), "id"),
          Documents.text(span.step(), "status"),
          Wording.duration(after),
          Wording.duration(took),
          bar(after, took, all));
    }
    return heading.strip() + "\n" + table.text();
  }

  /** As long as its part of the whole, and never nothing. */
  private static String bar(long after, long took, long all) {
    int from = (int) Math.min(WIDTH - 1, after * WIDTH / all);
    int length = (int) Math.clamp((took * WIDTH + all / 2) / all, 1, WIDTH - from);
    return ".".repeat(from) + "#".repeat(length) + ".".repeat(WIDTH - from - length);
  }

  private static @Nullable Instant instant(JsonNode object, String field) {
    String text = Documents.text(object, field);
    return text.isEmpty() ? null : Instant.parse(text);
  }
}
