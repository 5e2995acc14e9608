package io.windlass.cli;

/** Shows a run while it runs; called from several threads. */
interface Progress extends AutoCloseable {
  void on(RunEvent event);

  /** A line between the events. */
  void note(String line);

  /** A question is open: nothing moves on the screen until {@link #release}. */
  void hold();

  void release();

  @Override
  void close();
}
