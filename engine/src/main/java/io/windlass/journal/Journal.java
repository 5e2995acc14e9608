package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The append-only events of every execution: few writers, any number of readers and followers. */
public final class Journal implements AutoCloseable {
  private final JournalReader reader;
  private final Tails tails;
  private final List<GroupCommit> lanes;
  private final @Nullable OtherServers others;
  private final @Nullable Announcer announcer;

  /**
   * @param node the name that other servers know this one by
   */
  public Journal(String node, Database database, InstantSource clock, JournalObserver observer) {
    this.reader = new JournalReader(database);
    this.tails = new Tails(reader, database.dialect().shared());
    boolean shared = database.dialect().shared();
    this.announcer = shared ? new Announcer(node, database) : null;
    this.others = shared ? new OtherServers(node, database, tails) : null;
    this.lanes =
        IntStream.range(0, database.dialect().writers())
            .mapToObj(lane -> new GroupCommit(lane, database, clock, tails, announcer, observer))
            .toList();
  }

  /** The log of an execution from a journal number on, 0 for a new one. */
  public ExecutionLog log(ExecutionId execution, long epoch, long lastNumber) {
    GroupCommit lane = lanes.get(execution.family() % lanes.size());
    return new ExecutionLog(lane, execution, epoch, lastNumber);
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
    return lanes.stream().map(GroupCommit::trouble).filter(Objects::nonNull).findFirst();
  }

  /** Makes durable what was appended, for a bounded time, and refuses the rest. */
  public void close(Duration atMost) {
    lanes.forEach(lane -> lane.close(atMost));
    if (announcer != null) {
      announcer.close();
    }
    if (others != null) {
      others.close();
    }
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }
}
