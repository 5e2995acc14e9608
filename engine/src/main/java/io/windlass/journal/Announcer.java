package io.windlass.journal;

import io.windlass.store.Database;
import io.windlass.store.KeptConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other servers on the database which journals have grown, after the commit: inside it,
 * announcements would let only one transaction of all servers commit at a time. One that gets lost
 * with this process is made good by the tails, which also look for themselves.
 */
final class Announcer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Announcer.class);

  private final String node;
  private final Database database;
  private final KeptConnection connection;
  private final LinkedBlockingQueue<List<UUID>> grown = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closing;

  Announcer(String node, Database database) {
    this.node = node;
    this.database = database;
    this.connection = database.keep();
    this.thread = Thread.ofPlatform().name("journal-announcer").daemon().start(this::run);
  }

  void grown(List<UUID> executions) {
    grown.add(executions);
  }

  /** Announces what is there, for a bounded time. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(Duration.ofSeconds(1));
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      log.debug("The announcer's connection did not close.", e);
    }
  }

  private void run() {
    List<List<UUID>> batch = new ArrayList<>();
    while (true) {
      batch.clear();
      try {
        List<UUID> first = grown.poll(closing ? 0 : 100, TimeUnit.MILLISECONDS);
        if (first == null) {
          if (closing) {
            return;
          }
          connection.close();
          continue;
        }
        batch.add(first);
      } catch (InterruptedException e) {
        // Nobody interrupts this thread on purpose; it ends through close().
        continue;
      } catch (SQLException e) {
        log.debug("The announcer's connection did not close.", e);
        continue;
      }
      grown.drainTo(batch);
      Set<UUID> executions = new HashSet<>();
      batch.forEach(executions::addAll);
      try {
        connection.transact(open -> {
          database.dialect().announce(open, node, executions);
          return executions.size();
        });
      } catch (SQLException | RuntimeException e) {
        log.debug("Other servers were not told; their tails look for themselves.", e);
      }
    }
  }
}
