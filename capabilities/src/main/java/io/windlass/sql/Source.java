package io.windlass.sql;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.text.Mask;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database to be asked, opened so that nothing can be written.
 *
 * @param kind which of the three
 * @param url for JDBC, without credentials
 * @param properties user, password and what keeps the connection harmless
 * @param written whether a password stood in the document itself
 */
record Source(Kind kind, String url, Properties properties, boolean written) {
  private static final Pattern VARIABLE =
      Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)|\\$\\{?([A-Za-z_][A-Za-z0-9_]*)}?");
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** The databases that can be asked. */
  enum Kind {
    SQLITE,
    POSTGRES,
    MYSQL
  }

  /** Everything but what is secret. */
  @Override
  public String toString() {
    return kind + " " + url;
  }

  /**
   * Reads a connection: {@code sqlite:file}, {@code postgresql://…}, {@code mysql://…}, or {@code
   * env:NAME} for a variable of the server's that holds one of these.
   *
   * @param files where a path leads; throws FORBIDDEN for one outside of the workspace
   * @throws WindlassException INVALID_INPUT or FORBIDDEN; the message holds no credentials
   */
  static Source of(String given, Map<String, String> environment, Function<String, Path> files) {
    Matcher variable = VARIABLE.matcher(given.strip());
    if (!variable.matches()) {
      return read(given.strip(), "connection", true, files);
    }
    String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
    if (name.toUpperCase(Locale.ROOT).startsWith("WINDLASS_")) {
      throw new WindlassException(
          ErrorCode.FORBIDDEN,
          "db_query: " + name + " is a setting of the server itself; name another variable");
    }
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw WindlassException.invalid(
          "db_query: connection names %s, which is not set in the server's environment"
              .formatted(name));
    }
    return read(value.strip(), "the value of " + name, false, files);
  }

  private static Source read(
      String text, String where, boolean inDocument, Function<String, Path> files) {
    String url = text.startsWith("jdbc:") ? text.substring(5) : text;
    int colon = url.indexOf(':');
    String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "sqlite", "sqlite3", "file" -> sqlite(url.substring(colon + 1), files);
      case "postgres", "postgresql" -> server(Kind.POSTGRES, url, where, inDocument);
      case "mysql", "mariadb" -> server(Kind.MYSQL, url, where, inDocument);
      default -> {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".db") || lower.endsWith(".sqlite") || lower.endsWith(".sqlite3")) {
          yield sqlite(url, files);
        }
        throw WindlassException.invalid(
            "db_query: %s must be sqlite:FILE, postgresql://USER@HOST/NAME, mysql://USER@HOST/NAME, or env:VARIABLE that holds one"
                .formatted(where));
      }
    };
  }

  private static Source sqlite(String given, Function<String, Path> files) {
    int query = given.indexOf('?');
    String plain = query < 0 ? given : given.substring(0, query);
    String name = plain.startsWith("///") ? plain.substring(2) : plain.replaceFirst("^//", "");
    Path file = files.apply(name);
    if (!Files.isRegularFile(file)) {
      throw WindlassException.invalid("db_query: there is no SQLite file " + name);
    }
    Properties properties = new Properties();
    properties.setProperty("open_mode", "1");
    properties.setProperty("query_only", "true");
    properties.setProperty("limit_attached", "0");
    properties.setProperty("busy_timeout", "5000");
    return new Source(Kind.SQLITE, "jdbc:sqlite:" + file, properties, false);
  }

  private static Source server(Kind kind, String url, String where, boolean inDocument) {
    URI uri = uri(url, where);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (uri.getHost() == null || path.length() < 2) {
      throw WindlassException.invalid(
          "db_query: %s must name a host and a database, as %s://USER@HOST/NAME"
              .formatted(where, kind == Kind.MYSQL ? "mysql" : "postgresql"));
    }
    Properties properties = new Properties();
    boolean hasPassword = credentials(uri, properties);
    String query = uri.getRawQuery();
    if (query != null) {
      for (String part : query.split("&", -1)) {
        hasPassword |= parameter(kind, part, properties);
      }
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String scheme = kind == Kind.MYSQL ? "jdbc:mariadb://" : "jdbc:postgresql://";
    String millis = Long.toString(CONNECT.toMillis());
    if (kind == Kind.MYSQL) {
      properties.setProperty("allowMultiQueries", "false");
      properties.setProperty("allowLocalInfile", "false");
      properties.setProperty("connectTimeout", millis);
    } else {
      properties.setProperty("stringtype", "unspecified");
      properties.setProperty("preferQueryMode", "extended");
      properties.setProperty("connectTimeout", Long.toString(CONNECT.toSeconds()));
      properties.setProperty("ApplicationName", "windlass");
    }
    return new Source(
        kind, scheme + uri.getHost() + port + path, properties, hasPassword && inDocument);
  }

  private static URI uri(String url, String where) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      // The cause would quote the text, password and all.
      throw WindlassException.invalid(
          "db_query: %s is not a URL; escape special characters of the password with %%XX"
              .formatted(where));
    }
  }

  private static boolean credentials(URI uri, Properties properties) {
    String info = uri.getRawUserInfo();
    if (info == null) {
      return false;
    }
    String[] parts = info.split(":", 2);
    properties.setProperty("user", decoded(parts[0]));
    if (parts.length == 2) {
      properties.setProperty("password", decoded(parts[1]));
    }
    return parts.length == 2;
  }

  /** Only what says how to connect: other parameters of drivers can load classes or files. */
  private static boolean parameter(Kind kind, String part, Properties properties) {
    String[] pair = part.split("=", 2);
    String value = pair.length == 2 ? decoded(pair[1]) : "";
    switch (pair[0]) {
      case "user", "password" -> properties.setProperty(pair[0], value);
      case "sslmode", "sslMode" ->
          properties.setProperty(
              kind == Kind.MYSQL ? "sslMode" : "sslmode",
              kind == Kind.MYSQL && value.equals("require") ? "trust" : value);
      case "ssl", "useSSL" -> properties.setProperty(kind == Kind.MYSQL ? "useSsl" : "ssl", value);
      case "currentSchema" -> properties.setProperty("currentSchema", value);
      case "" -> {}
      default ->
          throw WindlassException.invalid(
              "db_query: the connection parameter %s is not allowed; known are user, password, sslmode, ssl, currentSchema"
                  .formatted(pair[0]));
    }
    return pair[0].equals("password");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * Opens a connection in a read-only transaction.
   *
   * @param longest how long a server may be silent
   */
  Connection open(Duration longest) throws SQLException {
    Properties all = new Properties();
    all.putAll(properties);
    Duration silence = longest.plus(CONNECT);
    if (kind == Kind.POSTGRES) {
      all.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
    } else if (kind == Kind.MYSQL) {
      all.setProperty("socketTimeout", Long.toString(silence.toMillis()));
    }
    Connection connection = DriverManager.getConnection(url, all);
    try {
      if (kind == Kind.POSTGRES) {
        connection.setReadOnly(true);
      } else if (kind == Kind.MYSQL) {
        // The driver's own flag does not reach every server.
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET SESSION TRANSACTION READ ONLY");
        }
      }
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** A driver's message without the password, should it quote that. */
  String told(@Nullable String message) {
    String text = message == null ? "no reason given" : message;
    return Mask.of(text, properties.getProperty("password", ""));
  }
}
