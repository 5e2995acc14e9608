package io.windlass.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Options of commands that watch a run, and the watching: progress, gates, Ctrl-C, result. */
final class Following {
  private static final long PATIENCE_MS = 120_000;

  @Option(
      names = {"-s", "--stream"},
      description = "Show the text of the steps on standard error while it is written.")
  private boolean stream;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress.")
  private boolean quiet;

  @Option(
      names = {"-d", "--detach"},
      description = "Do not wait: print the execution's id.")
  boolean detach;

  /** Nobody would run the rest after a server that goes with this command. */
  void checkDetach(@Nullable TemporaryServer server) {
    if (detach && server != null) {
      throw CliException.usage("--detach needs a server that stays: start `windlass serve` first");
    }
  }

  /** Follows to the end and prints the result; the exit code. */
  int follow(RunSite site, boolean json, Terminal terminal) {
    try (Progress progress = progress(terminal)) {
      Questions questions = terminal.interactive() ? new Questions(terminal, progress) : null;
      RunWatch watch = site.watch(PATIENCE_MS, progress::note);
      Gates gates = new Gates(site, progress, questions);
      try (Interrupts interrupts = new Interrupts(site, progress, questions, watch::leave);
          ChildQuestions children =
              new ChildQuestions(
                      site.unified(),
                      site.id(),
                      event -> {
                        progress.on(event);
                        gates.on(event);
                      })
                  .start()) {
        Optional<JsonNode> record =
            watch.follow((event, _) -> {
              children.heard(event);
              progress.on(event);
              gates.on(event);
            });
        children.close();
        progress.close();
        if (record.isEmpty()) {
          terminal.say("Left running: windlass logs " + site.id());
          return ExitCode.INTERRUPTED;
        }
        print(record.get(), json, terminal);
        if (interrupts.wasCancelled()) {
          return ExitCode.INTERRUPTED;
        }
        return RunWatch.hasSucceeded(record.get()) ? ExitCode.OK : ExitCode.FAILED;
      }
    }
  }

  private static void print(JsonNode record, boolean json, Terminal terminal) {
    if (json) {
      terminal.out().println(Documents.pretty(record));
    } else if (RunWatch.hasSucceeded(record)) {
      terminal.print(Documents.text(record, "result"));
    } else {
      terminal.complain(failure(record));
    }
  }

  private static String failure(JsonNode record) {
    String error = Documents.text(record, "error");
    String id = Documents.text(record, record.has("public_id") ? "public_id" : "id");
    return "The run failed: %s\nif what it says lies in the document or the input, mend that and run it anew; otherwise: windlass resume %s goes on from the last durable step, with the version that the run began with"
        .formatted(error.isBlank() ? Documents.text(record, "status") : error, id);
  }

  private Progress progress(Terminal terminal) {
    if (quiet) {
      return new NoProgress(terminal);
    }
    return terminal.errIsTerminal() && !stream && !"dumb".equals(terminal.env().get("TERM"))
        ? new LiveProgress(terminal.err(), terminal.errColours())
        : new PlainProgress(terminal.err(), terminal.errColours(), stream);
  }

  /** Shows notes alone, and the questions of gates. */
  private record NoProgress(Terminal terminal) implements Progress {
    @Override
    public void on(RunEvent event) {
      if (event instanceof RunEvent.Asked asked) {
        String child = asked.child().isEmpty() ? "" : " of " + Wording.line(asked.child(), 200);
        terminal.say(asked.step() + child + " asks: " + Wording.clean(asked.prompt()));
      }
    }

    @Override
    public void note(String line) {
      terminal.say(line);
    }

    @Override
    public void hold() {}

    @Override
    public void release() {}

    @Override
    public void close() {}
  }
}
