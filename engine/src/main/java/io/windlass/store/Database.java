package io.windlass.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jspecify.annotations.Nullable;

/**
 * The open database: reads, transactions, and the lock that lets one writer at a time into SQLite.
 */
public final class Database implements AutoCloseable {
  private final HikariDataSource pool;
  private final Dialect dialect;
  private final Jdbi jdbi;

  /** Fair, since the journal's writer would take it again at once whoever waits. */
  private final @Nullable ReentrantLock writing;

  private final @Nullable Checkpoints checkpoints;

  Database(HikariConfig config, Dialect dialect) {
    this.pool = new HikariDataSource(config);
    this.dialect = dialect;
    this.jdbi = Jdbi.create(pool);
    this.writing = dialect.shared() ? null : new ReentrantLock(true);
    this.checkpoints = writing == null ? null : new Checkpoints(pool, writing);
    jdbi.registerArgument(new IdArguments(dialect));
    ColumnMapper<UUID> ids = (row, column, context) -> dialect.readId(row, column);
    jdbi.registerColumnMapper(UUID.class, ids);
  }

  public Dialect dialect() {
    return dialect;
  }

  public DataSource dataSource() {
    return pool;
  }

  /** Reads outside a transaction. */
  public <T> T read(Function<Handle, T> query) {
    try {
      return jdbi.withHandle(query::apply);
    } catch (ConnectionException e) {
      throw unavailable(e);
    } catch (JdbiException e) {
      throw translated(e);
    }
  }

  /** Runs in one transaction; commits when the work returns, rolls back when it throws. */
  public <T> T write(Function<Handle, T> work) {
    lock();
    try {
      return jdbi.inTransaction(work::apply);
    } catch (ConnectionException e) {
      throw unavailable(e);
    } catch (JdbiException e) {
      throw translated(e);
    } finally {
      unlock();
    }
  }

  /** A connection of its own for a thread that writes all the time. */
  public KeptConnection keep() {
    return new KeptConnection(this);
  }

  /** Runs while nobody else of this process writes, where the database bears one writer only. */
  <T> T exclusively(Exclusive<T> work) throws SQLException {
    lock();
    try {
      return work.run();
    } finally {
      unlock();
    }
  }

  /** Work under the writers' lock. */
  @FunctionalInterface
  interface Exclusive<T> {
    T run() throws SQLException;
  }

  /** Executes writes with the same SQL as one batch each, in the order of first appearance. */
  public void apply(Connection connection, String sql, List<RowWrite> writes) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (RowWrite write : writes) {
        List<@Nullable Object> values = write.parameters();
        for (int i = 0; i < values.size(); i++) {
          bind(statement, i + 1, values.get(i));
        }
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(index, Types.NULL);
      case UUID id -> dialect.bindId(statement, index, id);
      case String text -> statement.setString(index, text);
      case Long number -> statement.setLong(index, number);
      case Integer number -> statement.setInt(index, number);
      default -> throw new IllegalArgumentException("cannot bind a " + value.getClass());
    }
  }

  /**
   * Begins a write that touches no row and commits it: refused when the database cannot be reached,
   * is read-only, or another process holds its write lock.
   *
   * @throws WindlassException STORE_UNAVAILABLE
   */
  public void checkWritable() {
    write(handle -> handle.execute("UPDATE execution SET epoch = epoch WHERE 1 = 0"));
  }

  /** How many connections are open and how many of them are at work. */
  public PoolFigures poolFigures() {
    var bean = pool.getHikariPoolMXBean();
    return new PoolFigures(
        pool.getMaximumPoolSize(), bean.getTotalConnections(), bean.getActiveConnections());
  }

  /**
   * @param max the most that the pool may open
   * @param open how many are open
   * @param active how many are in use
   */
  public record PoolFigures(int max, int open, int active) {}

  @Override
  public void close() {
    if (checkpoints != null) {
      checkpoints.close();
    }
    pool.close();
  }

  private void lock() {
    if (writing != null) {
      writing.lock();
    }
  }

  private void unlock() {
    if (writing != null) {
      writing.unlock();
    }
    if (checkpoints != null) {
      checkpoints.written();
    }
  }

  private static WindlassException unavailable(Exception e) {
    return new WindlassException(
        ErrorCode.STORE_UNAVAILABLE, "The database cannot be reached: " + e.getMessage(), e);
  }

  /** Trouble of the surroundings becomes STORE_UNAVAILABLE; everything else is a bug as it is. */
  private static RuntimeException translated(JdbiException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && StoreTrouble.isOfSurroundings(sql)) {
        return new WindlassException(ErrorCode.STORE_UNAVAILABLE, StoreTrouble.describe(sql), e);
      }
    }
    return e;
  }

  private static final class IdArguments extends AbstractArgumentFactory<UUID> {
    private final Dialect dialect;

    IdArguments(Dialect dialect) {
      super(Types.OTHER);
      this.dialect = dialect;
    }

    @Override
    protected Argument build(UUID value, ConfigRegistry config) {
      return (position, statement, context) -> dialect.bindId(statement, position, value);
    }
  }
}
