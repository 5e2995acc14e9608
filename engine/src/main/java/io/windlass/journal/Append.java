package io.windlass.journal;

import io.windlass.store.RowWrite;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Events of one execution on their way to the journal.
 *
 * @param log whose
 * @param entries the events, numbered
 * @param lines their stored form
 * @param before what must exist before the events, as a new execution's row; null for nothing
 * @param writes rows that change together with the events
 * @param durable completed when the transaction is committed, or with why it was not
 */
record Append(
    ExecutionLog log,
    List<Entry> entries,
    String lines,
    @Nullable List<RowWrite> before,
    List<RowWrite> writes,
    CompletableFuture<Void> durable) {

  /** A first append is refused when the store is in trouble; later ones wait for better times. */
  boolean isFirst() {
    return before != null;
  }

  long first() {
    return entries.getFirst().number();
  }
}
