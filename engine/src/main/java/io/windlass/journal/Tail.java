package io.windlass.journal;

import java.time.Duration;
import java.util.Optional;

/** A reader that first catches up with an execution's journal and then follows it live. */
public interface Tail extends AutoCloseable {
  /**
   * The next thing to see; empty when nothing came within the time.
   *
   * @throws InterruptedException when the reading thread is interrupted
   */
  Optional<Seen> next(Duration atMost) throws InterruptedException;

  @Override
  void close();

  /** What a tail delivers, in order. */
  sealed interface Seen {}

  /** A durable event. */
  record Recorded(Entry entry) implements Seen {}

  /**
   * A piece of output that is not durable yet; it has no number, comes after the record that its
   * step began, and comes again in an entry.
   */
  record Live(Event.StepOutput output) implements Seen {}
}
