package io.windlass.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that one thread keeps while it has transactions to make, so that the database keeps
 * the plans of their statements. It is taken from the pool at the first one and given back by
 * {@link #close()}; one that broke is replaced at the next transaction.
 */
public final class KeptConnection implements AutoCloseable {
  private final Database database;
  private @Nullable Connection connection;

  KeptConnection(Database database) {
    this.database = database;
  }

  /** Commits when the work returns, rolls back when it throws. */
  public <T> T transact(Transaction<T> work) throws SQLException {
    return database.exclusively(() -> {
      Connection current = connection;
      if (current == null || current.isClosed()) {
        current = database.dataSource().getConnection();
        connection = current;
      }
      try {
        current.setAutoCommit(false);
        T result = work.run(current);
        current.commit();
        // SQLite's driver would begin the next transaction, and so lock the file, at once.
        current.setAutoCommit(true);
        return result;
      } catch (SQLException | RuntimeException e) {
        giveBack(current, e);
        throw e;
      }
    });
  }

  /** Work on a bare connection. */
  @FunctionalInterface
  public interface Transaction<T> {
    T run(Connection connection) throws SQLException;
  }

  @Override
  public void close() throws SQLException {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  /** After a failure the pool judges whether the connection still lives. */
  private void giveBack(Connection failed, Exception cause) {
    connection = null;
    // A full disk ends the transaction by itself, and then there is nothing to roll back.
    try {
      failed.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    try {
      failed.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    try {
      failed.close();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
