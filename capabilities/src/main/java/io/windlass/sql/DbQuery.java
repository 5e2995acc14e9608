package io.windlass.sql;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import io.windlass.text.Template;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The pre-tool {@code db_query}: what one SELECT finds in a SQLite, PostgreSQL or MySQL database,
 * as a JSON array of objects. Values are bound, the transaction only reads, rows and time are
 * bounded.
 */
public final class DbQuery implements PreTool {
  private static final int LIMIT = 50_000;
  private static final int MOST_ROWS = 10_000;
  private static final int LONGEST_SQL = 100_000;
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,17})");
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9]\\d{0,14})\\.\\d{1,10}");

  private final Map<String, String> environment;
  private final Function<String, Path> files;

  /**
   * @param environment where connections may be kept
   * @param files where a path leads; throws FORBIDDEN for one outside of the workspace
   */
  public DbQuery(Map<String, String> environment, Function<String, Path> files) {
    this.environment = Map.copyOf(environment);
    this.files = files;
  }

  @Override
  public String name() {
    return "db_query";
  }

  @Override
  public List<String> required() {
    return List.of("connection", "sql");
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    Source source = Source.of(call.text("connection"), environment, files);
    if (source.written()) {
      call.context()
          .log(
              LogLevel.WARN,
              "db_query: the connection holds a password; put it into a variable of the server's environment and write env:NAME");
    }
    String sql = call.raw("sql");
    if (sql.length() > LONGEST_SQL) {
      throw WindlassException.invalid(
          "db_query: sql has %d characters, more than %d".formatted(sql.length(), LONGEST_SQL));
    }
    int most = call.count("max_rows", 1_000, 1, MOST_ROWS);
    Query query = Query.of(sql, parameters(call), call.state(), source.kind());
    Rows rows = asked(source, query, most, call.timeout());
    if (rows.cut()) {
      call.context()
          .log(
              LogLevel.WARN,
              "db_query: only the first %d rows are kept; add a LIMIT or ask for fewer columns"
                  .formatted(rows.count()));
    }
    return rows.json();
  }

  private static List<String> parameters(PreToolCall call) {
    JsonNode given = call.fields().get("params");
    List<String> values = new ArrayList<>();
    if (given == null || given.isNull() || call.raw("params").isBlank()) {
      return values;
    }
    // Each value is rendered by itself, so that none can end a text and begin another.
    boolean listed = given.isArray() || call.raw("params").strip().startsWith("[");
    JsonNode read = Json.read(listed ? call.raw("params") : call.text("params"));
    if (!read.isArray()) {
      throw WindlassException.invalid("db_query: params must be a list of values");
    }
    for (JsonNode one : read) {
      values.add(listed ? Template.render(Json.show(one), call.state()) : Json.show(one));
    }
    return values;
  }

  /** What is being asked, so that another thread can stop it. */
  private static final class Asking implements Callable<Rows> {
    private final Source source;
    private final Query query;
    private final int most;
    private final Duration timeout;
    private volatile @Nullable PreparedStatement running;

    Asking(Source source, Query query, int most, Duration timeout) {
      this.source = source;
      this.query = query;
      this.most = most;
      this.timeout = timeout;
    }

    @Override
    public Rows call() throws SQLException {
      try (Connection connection = source.open(timeout);
          PreparedStatement statement = connection.prepareStatement(query.sql())) {
        running = statement;
        statement.setMaxRows(most + 1);
        statement.setFetchSize(Math.min(500, most + 1));
        if (source.kind() != Source.Kind.SQLITE) {
          statement.setQueryTimeout((int) Math.clamp(timeout.toSeconds(), 1, 86_400));
        }
        bind(statement);
        try (var result = statement.executeQuery()) {
          return Rows.read(result, most, LIMIT);
        } finally {
          connection.rollback();
        }
      }
    }

    private void bind(PreparedStatement statement) throws SQLException {
      for (int i = 0; i < query.parameters().size(); i++) {
        Query.Parameter parameter = query.parameters().get(i);
        String value = parameter.value();
        boolean typed = !parameter.literal() && source.kind() != Source.Kind.POSTGRES;
        if (typed && INTEGER.matcher(value).matches()) {
          statement.setLong(i + 1, Long.parseLong(value));
        } else if (typed && DECIMAL.matcher(value).matches()) {
          statement.setDouble(i + 1, Double.parseDouble(value));
        } else {
          statement.setString(i + 1, value);
        }
      }
    }

    void stop() {
      PreparedStatement statement = running;
      if (statement != null) {
        try {
          statement.cancel();
        } catch (SQLException e) {
          // It has ended meanwhile.
        }
      }
    }
  }

  /** On a platform thread: SQLite's native code would hold a virtual one's carrier. */
  private static Rows asked(Source source, Query query, int most, Duration timeout)
      throws IOException, InterruptedException {
    Asking asking = new Asking(source, query, most, timeout);
    FutureTask<Rows> task = new FutureTask<>(asking);
    Thread.ofPlatform().daemon().name("db-query").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      asking.stop();
      throw e;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "db_query: the database refused or failed (%s): %s"
              .formatted(source.kind(), source.told(cause.getMessage())),
          cause);
    }
  }
}
