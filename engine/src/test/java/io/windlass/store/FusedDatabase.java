package io.windlass.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database whose power goes just before or just after one chosen commit, and stays away. */
public final class FusedDatabase {
  private final AtomicInteger commitsLeft;
  private final boolean before;
  private final boolean lasting;
  private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
  private volatile boolean blown;
  private volatile @Nullable HikariDataSource pool;

  /**
   * @param commit which commit, from 1, counted from {@link #arm}
   * @param before whether that commit is lost
   */
  public FusedDatabase(int commit, boolean before) {
    this.commitsLeft = new AtomicInteger(commit);
    this.before = before;
    this.armed = false;
    this.lasting = false;
  }

  private FusedDatabase() {
    this.commitsLeft = new AtomicInteger();
    this.before = false;
    this.lasting = true;
  }

  /** One whose power stays. */
  public static FusedDatabase whole() {
    return new FusedDatabase();
  }

  private volatile boolean armed;

  /** From now on commits are counted. */
  public void arm() {
    armed = true;
  }

  public boolean isBlown() {
    return blown;
  }

  public Database open(Path file, Optional<String> url) {
    String jdbc =
        url.orElse(
            "jdbc:sqlite:"
                + file
                + "?journal_mode=WAL&synchronous=NORMAL&transaction_mode=IMMEDIATE&busy_timeout=10000");
    Dialect dialect = url.isPresent() ? new PostgresDialect() : new SqliteDialect();
    try (Database starting = new Database(config(jdbc, 2, 30_000), dialect)) {
      Migrations.bringUpToDate(starting);
    }
    // A busy machine takes its time; without power nobody waits long.
    Database database = new Database(config(jdbc, 8, lasting ? 30_000 : 1_000), dialect);
    pool = (HikariDataSource) database.dataSource();
    return database;
  }

  private HikariConfig config(String jdbc, int connections, int waitMs) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(new Source(jdbc));
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(waitMs);
    return config;
  }

  private void blow() {
    blown = true;
    HikariDataSource waitedFor = pool;
    if (waitedFor != null) {
      waitedFor.setConnectionTimeout(250);
    }
  }

  /** Ends the connections, as the end of the process would. */
  public void release() {
    for (Connection connection : connections) {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void check() throws SQLException {
    if (blown) {
      throw new SQLNonTransientConnectionException("the power is gone", "08006");
    }
  }

  private Connection fused(Connection real) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              String name = method.getName();
              if (name.equals("close") || name.equals("unwrap") || name.equals("isWrapperFor")) {
                return invoke(real, method, arguments);
              }
              check();
              if (name.equals("commit") && armed) {
                boolean last = commitsLeft.decrementAndGet() == 0;
                if (last && before) {
                  blow();
                  real.rollback();
                  check();
                }
                Object result = invoke(real, method, arguments);
                if (last) {
                  blow();
                  check();
                }
                return result;
              }
              return invoke(real, method, arguments);
            });
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private final class Source implements DataSource {
    private final String jdbc;

    Source(String jdbc) {
      this.jdbc = jdbc;
    }

    @Override
    public Connection getConnection() throws SQLException {
      check();
      Connection real = DriverManager.getConnection(jdbc);
      connections.add(real);
      return fused(real);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
      throw new IllegalStateException();
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      throw new IllegalStateException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
