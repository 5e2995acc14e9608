package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The append-only events of every execution: one writer, any number of readers and followers. */
public final class Journal implements AutoCloseable {
  private final JournalReader reader;
  private final Tails tails;
  private final GroupCommit commits;

  public Journal(Database database, InstantSource clock, JournalObserver observer) {
    this.reader = new JournalReader(database);
    this.tails = new Tails(reader, database.dialect().shared());
    this.commits = new GroupCommit(database, clock, tails, observer);
  }

  /** The log of an execution from a journal number on, 0 for a new one. */
  public ExecutionLog log(ExecutionId execution, long epoch, long lastNumber) {
    return new ExecutionLog(commits, execution, epoch, lastNumber);
  }

  public JournalReader reader() {
    return reader;
  }

  /** Catches up from after a number, then follows. */
  public Tail tail(ExecutionId execution, long afterNumber) {
    return tails.open(execution, afterNumber);
  }

  /** Tells followers of entries that were committed past the writer, in the same process. */
  public void published(ExecutionId execution, List<Entry> entries) {
    tails.recorded(execution, entries);
  }

  /** Makes durable what was appended, for a bounded time, and refuses the rest. */
  public void close(Duration atMost) {
    commits.close(atMost);
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }
}
