package io.windlass.store;

import com.zaxxer.hikari.HikariConfig;
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

/** A database whose power goes just before or just after one chosen commit, and stays away. */
public final class FusedDatabase {
  private final AtomicInteger commitsLeft;
  private final boolean before;
  private final boolean lasting;
  private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
  private volatile boolean blown;

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
    // While it starts, a busy machine takes its time; without power nobody waits long.
    try (Database starting = new Database(config(jdbc, 2, 30_000), dialect)) {
      Migrations.bringUpToDate(starting);
    }
    return new Database(config(jdbc, 8, lasting ? 30_000 : 250), dialect);
  }

  private HikariConfig config(String jdbc, int connections, int waitMs) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(new Source(jdbc));
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(waitMs);
    return config;
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
                  blown = true;
                  real.rollback();
                  check();
                }
                Object result = invoke(real, method, arguments);
                if (last) {
                  blown = true;
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
