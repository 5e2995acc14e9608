package io.windlass.cli;

import java.io.PrintStream;

/** A line per event, for logs and pipes. */
final class PlainProgress implements Progress {
  private final PrintStream err;
  private final boolean chunks;
  private final StepLines lines;
  private String speaking = "";
  private boolean midLine;

  /**
   * @param err where to
   * @param colours whether escape sequences may be used
   * @param chunks whether pieces of output are shown
   */
  PlainProgress(PrintStream err, boolean colours, boolean chunks) {
    this.err = err;
    this.lines = new StepLines(colours, true);
    this.chunks = chunks;
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.StepOutput output) {
      if (chunks) {
        chunk(output);
      }
      return;
    }
    lines.of(event).forEach(this::note);
  }

  private void chunk(RunEvent.StepOutput output) {
    if (!speaking.equals(output.step())) {
      note("output " + output.step() + ":");
      speaking = output.step();
    }
    err.print(Wording.clean(output.chunk()));
    err.flush();
    midLine = !output.chunk().endsWith("\n");
  }

  @Override
  public synchronized void note(String line) {
    if (midLine) {
      err.println();
      midLine = false;
    }
    speaking = "";
    err.println(line);
  }

  @Override
  public void hold() {}

  @Override
  public void release() {}

  @Override
  public synchronized void close() {
    if (midLine) {
      err.println();
      midLine = false;
    }
  }
}
