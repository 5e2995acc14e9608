package io.windlass.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves SQLite's write-ahead log into the database file beside the writer, so that no commit waits
 * for the disk. The log starts anew only when all of it has been moved, hence two rounds: the bulk
 * while others write, then, with the writers held off, the little that they added meanwhile.
 */
final class Checkpoints implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
  private static final long EVERY_MS = 200;

  /** Pages of 4 kB in the log before it is worth moving them. */
  private static final long WORTHWHILE = 6_000;

  private final DataSource pool;
  private final ReentrantLock writing;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean written;

  Checkpoints(DataSource pool, ReentrantLock writing) {
    this.pool = pool;
    this.writing = writing;
    this.thread = Thread.ofPlatform().name("checkpoints").daemon().start(this::run);
  }

  /** Something was written: the log may have grown. An idle server is not looked at. */
  void written() {
    written = true;
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing.await(EVERY_MS, TimeUnit.MILLISECONDS)) {
        if (written) {
          written = false;
          look();
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread on purpose; it ends through close().
      log.debug("The checkpoints end.", e);
    }
  }

  private void look() {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      if (pages(statement, "PRAGMA wal_checkpoint(NOOP)") < WORTHWHILE) {
        return;
      }
      pages(statement, "PRAGMA wal_checkpoint(PASSIVE)");
      writing.lock();
      try {
        pages(statement, "PRAGMA wal_checkpoint(PASSIVE)");
      } finally {
        writing.unlock();
      }
    } catch (SQLException e) {
      // A full disk; what is committed stays readable in the log, and the next look tries again.
      written = true;
      log.debug("The write-ahead log could not be moved.", e);
    }
  }

  private static long pages(Statement statement, String checkpoint) throws SQLException {
    try (ResultSet row = statement.executeQuery(checkpoint)) {
      return row.next() ? row.getLong(2) : 0;
    }
  }
}
