package io.windlass.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One embedded PostgreSQL per test run, with durable commits, and a new database per ask. */
public final class TestDatabases {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Has the newest schema, for to bring a database up to date takes longer than to copy one. */
  private static final String TEMPLATE = "windlass_template";

  private TestDatabases() {}

  /** The URL of a new PostgreSQL database with the newest schema and nothing in it. */
  public static String newPostgresUrl() {
    String name = "windlass_" + NUMBER.incrementAndGet();
    create(Running.SERVER, name, " TEMPLATE " + TEMPLATE);
    return Running.SERVER.getJdbcUrl("postgres", name);
  }

  private static void create(EmbeddedPostgres server, String name, String like) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + like);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Started by its first use; ended with the process. */
  private static final class Running {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        Path data = Files.createTempDirectory("windlass-postgres");
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setRegisterShutdownHook(false)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(data)));
        create(server, TEMPLATE, "");
        // As a server does with an empty one; a copy is made of one that nobody is connected to.
        Databases.postgres(server.getJdbcUrl("postgres", TEMPLATE)).close();
        return server;
      } catch (IOException e) {
        throw new IllegalStateException("the embedded PostgreSQL does not start", e);
      }
    }

    /**
     * Ends it at once, which its own way does not: that writes everything to the disk first, for
     * half a minute, only for it to be deleted. The deletion, which takes as long, ends by itself.
     */
    private static void end(Path data) {
      try {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
        new ProcessBuilder("kill", "-QUIT", pid).inheritIO().start().waitFor();
        ProcessHandle.of(Long.parseLong(pid))
            .ifPresent(postmaster -> postmaster.onExit().orTimeout(5, TimeUnit.SECONDS).join());
        new ProcessBuilder("rm", "-rf", data.toString()).inheritIO().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
