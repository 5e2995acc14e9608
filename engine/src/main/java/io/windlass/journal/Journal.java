package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The append-only events of every execution: one writer, any number of readers and followers. */
public final class Journal implements AutoCloseable {
  private final JournalReader reader;
  private final Tails tails;
  private final GroupCommit commits;
  private final @Nullable OtherServers others;

  /**
   * @param node the name that other servers know this one by
   */
  public Journal(String node, Database database, InstantSource clock, JournalObserver observer) {
    this.reader = new JournalReader(database);
    this.tails = new Tails(reader, database.dialect().shared());
    this.commits = new GroupCommit(node, database, clock, tails, observer);
    this.others = database.dialect().shared() ? new OtherServers(node, database, tails) : null;
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

  /** Why what runs cannot be recorded at present; empty while it can. */
  public Optional<String> trouble() {
    return Optional.ofNullable(commits.trouble());
  }

  /** Makes durable what was appended, for a bounded time, and refuses the rest. */
  public void close(Duration atMost) {
    commits.close(atMost);
    if (others != null) {
      others.close();
    }
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }
}
