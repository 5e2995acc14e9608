package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears what other servers on the same database commit, and wakes the tails that follow it. */
final class OtherServers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OtherServers.class);
  private static final Duration LISTEN = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String node;
  private final Database database;
  private final Tails tails;
  private final Thread listener;

  /** What is listened on; null while it may be anybody's. */
  private @Nullable Connection ear;

  private volatile boolean closed;

  OtherServers(String node, Database database, Tails tails) {
    this.node = node;
    this.database = database;
    this.tails = tails;
    this.listener = Thread.ofPlatform().name("journal-listener").daemon().start(this::run);
  }

  private void run() {
    while (!closed) {
      try (Connection connection = database.dataSource().getConnection()) {
        hold(connection);
        try {
          while (!closed) {
            database.dialect().listen(connection, LISTEN, this::heard);
          }
        } finally {
          hold(null);
        }
      } catch (SQLException e) {
        pauseAfter(e);
      }
    }
  }

  private synchronized void hold(@Nullable Connection connection) {
    ear = connection;
  }

  /** Whoever listens is not waited for. */
  private synchronized void interrupt() {
    try {
      if (ear != null) {
        ear.abort(Runnable::run);
      }
    } catch (SQLException e) {
      log.debug("The listener's connection did not close.", e);
    }
  }

  private void pauseAfter(SQLException e) {
    if (!closed) {
      log.warn("Other servers cannot be heard; tails look for themselves: {}", e.getMessage());
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      } catch (InterruptedException _) {
        closed = true;
      }
    }
  }

  private void heard(String sender, List<UUID> executions) {
    if (sender.equals(node)) {
      return;
    }
    if (executions.isEmpty()) {
      tails.lookAll();
    } else {
      executions.forEach(execution -> tails.look(new ExecutionId(execution)));
    }
  }

  @Override
  public void close() {
    closed = true;
    interrupt();
    try {
      listener.join(LISTEN.multipliedBy(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
