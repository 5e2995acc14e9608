package io.windlass.store;

import com.zaxxer.hikari.HikariConfig;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens databases and brings their schema up to date. */
public final class Databases {
  private Databases() {}

  /**
   * @param file the SQLite file; made when it is missing
   */
  public static Database sqlite(Path file) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("sqlite");
    config.setJdbcUrl(
        "jdbc:sqlite:"
            + file
            + "?journal_mode=WAL&synchronous=NORMAL&transaction_mode=IMMEDIATE&busy_timeout=10000"
            + "&cache_size=-65536&wal_autocheckpoint=100000");
    config.setExceptionOverrideClassName(BrokenConnections.class.getName());
    config.setMaximumPoolSize(6);
    config.setMinimumIdle(1);
    return open(config, new SqliteDialect());
  }

  /**
   * @param url {@code jdbc:postgresql://…} or {@code postgresql://user:password@host:port/name}
   */
  public static Database postgres(String url) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgresql");
    applyUrl(config, url);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.setMaximumPoolSize(16);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(10_000);
    return open(config, new PostgresDialect());
  }

  private static Database open(HikariConfig config, Dialect dialect) {
    config.setInitializationFailTimeout(1);
    try {
      Database database = new Database(config, dialect);
      Migrations.bringUpToDate(database);
      return database;
    } catch (RuntimeException e) {
      throw new WindlassException(
          ErrorCode.STORE_UNAVAILABLE,
          "The database cannot be opened (%s): %s".formatted(config.getPoolName(), rootMessage(e)),
          e);
    }
  }

  private static @Nullable String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  private static void applyUrl(HikariConfig config, String url) {
    if (url.startsWith("jdbc:")) {
      config.setJdbcUrl(url);
      return;
    }
    URI uri = URI.create(url);
    if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
      throw new WindlassException(
          ErrorCode.STORE_UNAVAILABLE,
          "WINDLASS_DATABASE_URL is of the kind %s:, which Windlass does not speak: use postgresql://… or jdbc:postgresql://…"
              .formatted(uri.getScheme()));
    }
    String userInfo = uri.getRawUserInfo();
    if (userInfo != null) {
      String[] parts = userInfo.split(":", 2);
      config.setUsername(URLDecoder.decode(parts[0], StandardCharsets.UTF_8));
      if (parts.length == 2) {
        config.setPassword(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    int port = uri.getPort() < 0 ? 5432 : uri.getPort();
    config.setJdbcUrl("jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getRawPath() + query);
  }
}
