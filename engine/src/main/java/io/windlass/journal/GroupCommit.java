package io.windlass.journal;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import io.windlass.store.JournalRow;
import io.windlass.store.KeptConnection;
import io.windlass.store.RowWrite;
import io.windlass.store.StoreTrouble;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer of the journal: takes what is pending from its executions into one transaction, commits,
 * releases the waiters. A batch that fails is tried again append by append, so that one bad append
 * harms nobody else; appends that meet a full disk or a lost database stay at the head of the line
 * until it is back.
 */
final class GroupCommit implements Sink {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final int BATCH = 2048;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Database database;
  private final KeptConnection connection;
  private final InstantSource clock;
  private final Tails tails;
  private final @Nullable Announcer announcer;
  private final JournalObserver observer;
  private final LinkedBlockingQueue<Append> pending = new LinkedBlockingQueue<>();
  private final ArrayDeque<Append> held = new ArrayDeque<>();
  private final Thread writer;
  private volatile boolean closing;
  private volatile boolean abandoned;
  private volatile @Nullable String trouble;

  GroupCommit(
      int lane,
      Database database,
      InstantSource clock,
      Tails tails,
      @Nullable Announcer announcer,
      JournalObserver observer) {
    this.database = database;
    this.connection = database.keep();
    this.clock = clock;
    this.tails = tails;
    this.announcer = announcer;
    this.observer = observer;
    this.writer = Thread.ofPlatform().name("journal-writer-" + lane).daemon().start(this::run);
  }

  @Override
  public void live(ExecutionId execution, Event.StepOutput output) {
    tails.live(execution, output);
  }

  /** Why appends are held; null while none are. */
  @Nullable String trouble() {
    return trouble;
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public void add(Append append) {
    if (closing && !writer.isAlive()) {
      append.durable().completeExceptionally(shuttingDown());
      return;
    }
    pending.add(append);
  }

  void close(Duration atMost) {
    closing = true;
    try {
      writer.join(atMost);
      abandoned = true;
      writer.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      abandoned = true;
      Thread.currentThread().interrupt();
    }
    refuse(held);
    List<Append> rest = new ArrayList<>();
    pending.drainTo(rest);
    refuse(rest);
  }

  private static void refuse(Collection<Append> appends) {
    appends.forEach(append -> append.durable().completeExceptionally(shuttingDown()));
  }

  private static WindlassException shuttingDown() {
    return new WindlassException(
        ErrorCode.SHUTTING_DOWN, "The server is stopping: try again soon.");
  }

  private void run() {
    List<Append> batch = new ArrayList<>();
    while (!abandoned) {
      batch.clear();
      try {
        collect(batch);
      } catch (InterruptedException e) {
        // Nobody interrupts this thread on purpose; it ends through close().
        continue;
      }
      if (batch.isEmpty()) {
        release();
        if (closing) {
          return;
        }
        continue;
      }
      commit(batch);
    }
  }

  /** A writer without work needs no connection. */
  private void release() {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("The journal's connection did not close.", e);
    }
  }

  private void collect(List<Append> batch) throws InterruptedException {
    if (!held.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      batch.addAll(held);
      held.clear();
    } else {
      Append first = pending.poll(closing ? 0 : 100, TimeUnit.MILLISECONDS);
      if (first == null) {
        return;
      }
      batch.add(first);
    }
    pending.drainTo(batch, Math.max(0, BATCH - batch.size()));
  }

  private void commit(List<Append> batch) {
    long begun = System.nanoTime();
    try {
      List<Append> refused = store(batch);
      observer.committed(batch.size(), System.nanoTime() - begun);
      release(batch, refused);
      if (announcer != null) {
        announcer.grown(batch.stream().map(append -> append.log().execution().value()).toList());
      }
      if (trouble != null) {
        trouble = null;
        log.info("The journal is being written again.");
      }
    } catch (SQLException | RuntimeException e) {
      if (batch.size() > 1) {
        batch.forEach(append -> commit(List.of(append)));
      } else {
        fail(batch.getFirst(), e);
      }
    }
  }

  private void fail(Append append, Exception e) {
    boolean surroundings = e instanceof SQLException sql && StoreTrouble.isOfSurroundings(sql);
    String reason = e instanceof SQLException sql ? StoreTrouble.describe(sql) : e.toString();
    if (surroundings && !append.isFirst()) {
      if (trouble == null) {
        trouble = reason;
        log.error("The journal cannot be written; it is tried again until it can.", e);
      }
      held.add(append);
      return;
    }
    append
        .durable()
        .completeExceptionally(
            new WindlassException(
                surroundings ? ErrorCode.STORE_UNAVAILABLE : ErrorCode.INTERNAL, reason, e));
  }

  private List<Append> store(List<Append> batch) throws SQLException {
    return connection.transact(connection -> {
      applyWrites(connection, batch.stream().filter(Append::isFirst).toList(), true);
      List<List<Append>> groups = groupByLog(batch);
      List<JournalRow> rows = groups.stream().map(GroupCommit::row).toList();
      List<Append> refused = new ArrayList<>();
      for (int index : database.dialect().insertJournal(connection, rows)) {
        if (!isStored(connection, rows.get(index))) {
          refused.addAll(groups.get(index));
        }
      }
      applyWrites(
          connection,
          refused.isEmpty()
              ? batch
              : batch.stream().filter(append -> !refused.contains(append)).toList(),
          false);
      return refused;
    });
  }

  private void applyWrites(Connection connection, List<Append> appends, boolean before)
      throws SQLException {
    Map<String, List<RowWrite>> bySql = new LinkedHashMap<>();
    for (Append append : appends) {
      List<RowWrite> writes = before ? append.before() : append.writes();
      if (writes != null) {
        for (RowWrite write : writes) {
          bySql.computeIfAbsent(write.sql(), _ -> new ArrayList<>()).add(write);
        }
      }
    }
    // A row may be inserted and changed by one append, and others' changes stand before it.
    for (boolean inserts : new boolean[] {true, false}) {
      for (var group : bySql.entrySet()) {
        if (group.getKey().startsWith("INSERT") == inserts) {
          database.apply(connection, group.getKey(), group.getValue());
        }
      }
    }
  }

  /** Appends of one log stand in the batch in their order and become one row. */
  private static List<List<Append>> groupByLog(List<Append> batch) {
    Map<ExecutionLog, List<Append>> groups = LinkedHashMap.newLinkedHashMap(batch.size());
    for (Append append : batch) {
      groups.computeIfAbsent(append.log(), _ -> new ArrayList<>(2)).add(append);
    }
    return List.copyOf(groups.values());
  }

  private static JournalRow row(List<Append> group) {
    Append first = group.getFirst();
    String lines = first.lines();
    int count = first.entries().size();
    if (group.size() > 1) {
      StringBuilder all = new StringBuilder(lines);
      for (Append append : group.subList(1, group.size())) {
        all.append('\n').append(append.lines());
        count += append.entries().size();
      }
      lines = all.toString();
    }
    return new JournalRow(
        first.log().execution().value(),
        first.log().epoch(),
        first.first(),
        count,
        first.entries().getFirst().at().toEpochMilli(),
        lines);
  }

  /** After a commit whose answer was lost, the row that is in the way is our own. */
  private boolean isStored(Connection connection, JournalRow row) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT events FROM journal WHERE execution = ? AND first = ? AND at = ?")) {
      database.dialect().bindId(query, 1, row.execution());
      query.setLong(2, row.first());
      query.setLong(3, row.at());
      try (ResultSet found = query.executeQuery()) {
        return found.next() && found.getString(1).equals(row.events());
      }
    }
  }

  private void release(List<Append> batch, List<Append> refused) {
    for (Append append : batch) {
      if (!refused.isEmpty() && refused.contains(append)) {
        append
            .durable()
            .completeExceptionally(
                new WindlassException(
                    ErrorCode.STALE_EPOCH,
                    "Execution %s is run by another node now (epoch %d is stale)."
                        .formatted(append.log().execution(), append.log().epoch())));
      } else {
        append.durable().complete(null);
        tails.recorded(append.log().execution(), append.entries());
      }
    }
  }
}
