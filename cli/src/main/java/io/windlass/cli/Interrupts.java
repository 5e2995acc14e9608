package io.windlass.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Ctrl-C during a run: the first asks what to do, the second cancels the run, the third leaves at
 * once. Where nobody can be asked the first cancels.
 */
final class Interrupts implements AutoCloseable {
  private static final String KEY = "\0interrupt";

  private final RunSite site;
  private final Progress progress;
  private final @Nullable Questions questions;
  private final Runnable leave;
  private final sun.misc.SignalHandler before;
  private int count;
  private volatile boolean cancelled;

  /**
   * @param questions null when nobody sits at a keyboard
   * @param leave stops watching and lets the run go on
   */
  Interrupts(RunSite site, Progress progress, @Nullable Questions questions, Runnable leave) {
    this.site = site;
    this.progress = progress;
    this.questions = questions;
    this.leave = leave;
    this.before = Signal.handle(new Signal("INT"), _ -> interrupt());
  }

  boolean wasCancelled() {
    return cancelled;
  }

  synchronized void interrupt() {
    count++;
    if (count == 1 && questions != null) {
      questions.askFirst(
          KEY,
          "\nCancel the run? [y] cancel it, [n] keep watching, [l] leave it running"
              + " (Ctrl-C again cancels):",
          this::answer);
    } else if (count <= 2 && !cancelled) {
      cancel();
    } else {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }

  private boolean answer(String line) {
    switch (line.toLowerCase(Locale.ROOT)) {
      case "y", "yes", "c", "cancel" -> cancel();
      case "l", "leave" -> leave();
      case "n", "no" -> keep();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void leave() {
    if (questions != null) {
      questions.end();
    }
    leave.run();
  }

  private synchronized void keep() {
    count = 0;
  }

  private void cancel() {
    cancelled = true;
    // A handler must not hold up the next signal.
    Thread.ofPlatform().daemon().name("cancel").start(this::send);
  }

  private void send() {
    if (questions != null) {
      questions.end();
    }
    progress.note("cancelling " + site.id() + " …");
    try {
      site.cancel();
    } catch (CliException e) {
      progress.note("windlass: " + e.getMessage());
      if (e.isUnreachable()) {
        leave.run();
      }
    }
  }

  @Override
  public void close() {
    Signal.handle(new Signal("INT"), before);
  }
}
