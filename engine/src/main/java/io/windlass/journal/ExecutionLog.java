package io.windlass.journal;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.store.RowWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The right to append to one execution's journal under one epoch. Appends keep their order and are
 * numbered without gaps; an append under an epoch that is no longer the execution's is refused.
 */
public final class ExecutionLog {
  private final Sink sink;
  private final ExecutionId execution;
  private final long epoch;
  private long last;

  ExecutionLog(Sink sink, ExecutionId execution, long epoch, long last) {
    this.sink = sink;
    this.execution = execution;
    this.epoch = epoch;
    this.last = last;
  }

  public ExecutionId execution() {
    return execution;
  }

  public long epoch() {
    return epoch;
  }

  /** Appends without waiting. */
  public Durable append(List<? extends Event> events) {
    return append(events, List.of());
  }

  /** Appends with rows that change in the same transaction, without waiting. */
  public Durable append(List<? extends Event> events, List<RowWrite> writes) {
    return append(events, null, writes, null);
  }

  /**
   * The same for what happened at a moment that the rows tell, too.
   *
   * @param at when; the journal and the rows have the same
   */
  public Durable append(List<? extends Event> events, List<RowWrite> writes, Instant at) {
    return append(events, null, writes, at);
  }

  /** The first append of a new execution, with the rows that make it. */
  public Durable begin(List<RowWrite> rows, List<? extends Event> events) {
    return append(events, rows, List.of(), null);
  }

  /** {@link #begin(List, List)} with rows that change after those. */
  public Durable begin(List<RowWrite> rows, List<? extends Event> events, List<RowWrite> writes) {
    return append(events, rows, writes, null);
  }

  private Durable append(
      List<? extends Event> events,
      @Nullable List<RowWrite> before,
      List<RowWrite> writes,
      @Nullable Instant at) {
    List<Event> copy = List.copyOf(events);
    String lines = EventJson.writeAll(copy);
    CompletableFuture<Void> done = new CompletableFuture<>();
    // Numbering and queueing are one step, so that the queue has each execution's events in order.
    synchronized (this) {
      Instant now = at == null ? sink.now() : at;
      List<Entry> entries = new ArrayList<>(copy.size());
      for (Event event : copy) {
        entries.add(new Entry(++last, now, event));
      }
      sink.add(new Append(this, entries, lines, before, writes, done));
      return new Durable(entries, done);
    }
  }

  /** Shows a piece of output to live viewers; it is stored by a later append. */
  public void show(Event.StepOutput output) {
    sink.live(execution, output);
  }

  /**
   * An append on its way.
   *
   * @param entries what was appended, numbered
   * @param done completed at its commit
   */
  public record Durable(List<Entry> entries, CompletableFuture<Void> done) {

    /**
     * Waits for the commit.
     *
     * @throws WindlassException STALE_EPOCH when the execution belongs to another epoch,
     *     STORE_UNAVAILABLE when a first append could not be stored, SHUTTING_DOWN
     */
    public void await() throws InterruptedException {
      try {
        done.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof WindlassException known
            ? new WindlassException(known.code(), known.text(), known)
            : new WindlassException(
                ErrorCode.INTERNAL, "The journal refused an append: " + e.getCause(), e);
      }
    }
  }
}
