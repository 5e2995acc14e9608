package io.windlass.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One embedded PostgreSQL per test run, with durable commits, and an empty database per ask. */
public final class TestDatabases {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestDatabases() {}

  /** The URL of a new, empty PostgreSQL database. */
  public static String newPostgresUrl() {
    String name = "windlass_" + NUMBER.incrementAndGet();
    try (Connection connection = Running.SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Running.SERVER.getJdbcUrl("postgres", name);
  }

  /** Started by its first use; its own shutdown hook ends it. */
  private static final class Running {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
      } catch (IOException e) {
        throw new IllegalStateException("the embedded PostgreSQL does not start", e);
      }
    }
  }
}
