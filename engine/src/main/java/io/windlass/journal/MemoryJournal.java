package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;

/** A journal for executions that are only rehearsed: what is appended is told and never stored. */
public final class MemoryJournal {
  private final Sink sink;

  /**
   * @param listener takes each append's entries, in order within an execution, before the one who
   *     appended goes on
   */
  public MemoryJournal(InstantSource clock, BiConsumer<ExecutionId, List<Entry>> listener) {
    this.sink =
        new Sink() {
          @Override
          public Instant now() {
            return clock.instant();
          }

          @Override
          public void add(Append append) {
            listener.accept(append.log().execution(), append.entries());
            append.durable().complete(null);
          }

          @Override
          public void live(ExecutionId execution, Event.StepOutput output) {
            // Nobody watches a rehearsal.
          }
        };
  }

  /** The log of an execution from a journal number on, 0 for a new one. */
  public ExecutionLog log(ExecutionId execution, long epoch, long lastNumber) {
    return new ExecutionLog(sink, execution, epoch, lastNumber);
  }
}
