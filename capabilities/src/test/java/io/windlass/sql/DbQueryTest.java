package io.windlass.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.store.TestDatabases;
import io.windlass.tool.PreToolCall;
import io.windlass.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Against real databases: SQLite and PostgreSQL here, MySQL in a class of its own. */
class DbQueryTest {
  @TempDir Path folder;
  private FakeStepContext context =
      FakeStepContext.with("name", "O'Hara; --", "id", "2", "like", "a", "limit", "1");
  private Path workspace;

  @BeforeEach
  void fill() throws Exception {
    workspace = Files.createDirectory(folder.resolve("workspace"));
    fill("jdbc:sqlite:" + workspace.resolve("shop.db"));
    fill("jdbc:sqlite:" + folder.resolve("outside.db"));
  }

  static void fill(String url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE person (id INTEGER, name VARCHAR(100), score NUMERIC(5,2))");
      statement.execute(
          "INSERT INTO person VALUES (1, 'Ada', 9.5), (2, 'O''Hara; --', 7.25), (3, NULL, NULL)");
    }
  }

  static final String[] BOUND = {
    "SELECT id FROM person WHERE name = '{name}'",
    "SELECT id FROM person WHERE name = {name}",
    "SELECT id FROM person WHERE id = {id}",
    "WITH x AS (SELECT id FROM person WHERE name LIKE '%{name}%') SELECT id FROM x;",
    "SELECT id FROM person WHERE name IS NOT NULL AND id > 1 ORDER BY id LIMIT {limit} -- {x}"
  };

  @Test
  void bindsValuesWhereverTheyStand() throws Exception {
    String postgres = TestDatabases.newPostgresUrl();
    fill(postgres);
    for (String sql : BOUND) {
      assertThat(ask("sqlite:shop.db", sql)).describedAs(sql).isEqualTo("[{\"id\":2}]");
      assertThat(ask(postgres, sql)).describedAs(sql).isEqualTo("[{\"id\":2}]");
    }
    assertThat(
            run(
                Map.of(
                    "connection", "sqlite:shop.db",
                    "sql", "SELECT name, score FROM person WHERE id = ? AND name = ?",
                    "params", List.of("{id}", "{name}"))))
        .isEqualTo("[{\"name\":\"O'Hara; --\",\"score\":7.25}]");
  }

  @Test
  void givesNullsAndNumbersAsJson() throws Exception {
    assertThat(ask("sqlite:shop.db", "SELECT name, score FROM person WHERE id = 3"))
        .isEqualTo("[{\"name\":null,\"score\":null}]");
    assertThat(ask("sqlite:shop.db", "select count(*) as n from person")).isEqualTo("[{\"n\":3}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM person",
        "/* SELECT */ UPDATE person SET id = 1",
        "SELECT 1; DROP TABLE person",
        "SELECT 1; -- x\n DELETE FROM person",
        "PRAGMA writable_schema = 1",
        "ATTACH 'x' AS y",
        "WITH x AS (SELECT 1) DELETE FROM person",
        "WITH x AS (DELETE FROM person RETURNING *) SELECT * FROM x",
        "WITH x AS (SELECT 1) INSERT INTO person SELECT 1, 'x', 1",
        "WITH x AS (SELECT 1) UPDATE person SET id = 4",
        "SELECT load_extension('x')",
        "SELECT * INTO other FROM person",
        "",
        "-- nothing"
      })
  void refusesWhatDoesNotOnlyRead(String sql) {
    assertThatThrownBy(() -> ask("sqlite:shop.db", sql))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("db_query runs one SELECT or WITH statement");
  }

  @Test
  void leavesWordsInQuotesAndNamesAlone() throws Exception {
    assertThat(
            ask(
                "sqlite:shop.db",
                "SELECT 'DELETE FROM x; --' AS \"insert into\", 1 AS updated -- ; DROP\n;"))
        .isEqualTo("[{\"insert into\":\"DELETE FROM x; --\",\"updated\":1}]");
  }

  @Test
  void cannotWriteEvenWhenTheStatementLooksHarmless() throws Exception {
    String postgres = TestDatabases.newPostgresUrl();
    fill(postgres);
    try (Connection connection = DriverManager.getConnection(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM person; SELECT 1'");
    }
    assertThatThrownBy(() -> ask(postgres, "SELECT wipe()"))
        .hasMessageContaining("read-only transaction");
    assertThatThrownBy(
            () -> ask(postgres, "SELECT set_config('transaction_read_only', 'off', false), wipe()"))
        .hasMessageContaining("read-write mode");
    assertThat(ask(postgres, "SELECT count(*) AS n FROM person")).isEqualTo("[{\"n\":3}]");
  }

  @Test
  void staysInTheWorkspace() {
    String outside = folder.resolve("outside.db").toString();
    assertThatThrownBy(() -> ask("sqlite:../outside.db", "SELECT 1"))
        .hasMessageContaining("outside");
    assertThatThrownBy(() -> ask("sqlite:" + outside, "SELECT 1"))
        .hasMessageContaining("outside the workspace");
    assertThatThrownBy(() -> ask("sqlite:absent.db", "SELECT 1"))
        .hasMessageContaining("no SQLite file absent.db");
    assertThat(workspace.resolve("absent.db")).doesNotExist();
  }

  @Test
  void takesConnectionsFromTheEnvironmentAndHidesThem() throws Exception {
    assertThat(ask("env:SHOP", "SELECT count(*) AS n FROM person")).isEqualTo("[{\"n\":3}]");
    assertThat(ask("${SHOP}", "SELECT count(*) AS n FROM person")).isEqualTo("[{\"n\":3}]");
    assertThat(context.logs()).isEmpty();
    assertThatThrownBy(() -> ask("env:ABSENT", "SELECT 1")).hasMessageContaining("ABSENT");
    assertThatThrownBy(() -> ask("env:WINDLASS_DATABASE_URL", "SELECT 1"))
        .hasMessageContaining("setting of the server");
    assertThatThrownBy(() -> ask("env:ODD", "SELECT 1"))
        .hasMessageContaining("the value of ODD")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> ask("postgresql://u:s3cret@127.0.0.1:1/x", "SELECT 1"))
        .hasMessageNotContaining("s3cret");
    assertThat(context.logs()).anyMatch(line -> line.contains("env:NAME"));
    assertThatThrownBy(
            () -> ask("postgresql://u@127.0.0.1:1/x?socketFactory=java.lang.String", "SELECT 1"))
        .hasMessageContaining("socketFactory is not allowed");
  }

  @Test
  void cutsRowsAndSaysSo() throws Exception {
    assertThat(
            run(
                Map.of(
                    "connection", "sqlite:shop.db",
                    "sql", "SELECT id FROM person ORDER BY id",
                    "max_rows", 2)))
        .isEqualTo("[{\"id\":1},{\"id\":2}]");
    assertThat(context.logs()).anyMatch(line -> line.contains("only the first 2 rows"));
    String large =
        ask(
            "sqlite:shop.db",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, hex(zeroblob(100)) AS x FROM n");
    assertThat(large.length()).isBetween(40_000, 50_001);
    assertThat(Json.read(large).size()).isLessThan(900);
  }

  @Test
  void stopsAQuestionThatIsInterrupted() throws Exception {
    Thread asking = Thread.currentThread();
    Thread stopper =
        Thread.startVirtualThread(() -> {
          try {
            Thread.sleep(500);
          } catch (InterruptedException e) {
            return;
          }
          asking.interrupt();
        });
    assertThatThrownBy(() ->
            ask(
                "sqlite:shop.db",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"))
        .isInstanceOf(InterruptedException.class);
    stopper.join();
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("db-query"))
                .allMatch(thread -> joined(thread)))
        .isTrue();
  }

  private static boolean joined(Thread thread) {
    try {
      return thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void tellsWhatItCannotFill() {
    assertThatThrownBy(() -> ask("sqlite:shop.db", "SELECT {unknown} FROM person"))
        .hasMessageContaining("{unknown} is not known");
    assertThatThrownBy(() -> ask("sqlite:shop.db", "SELECT \"{name}\" FROM person"))
        .hasMessageContaining("quoted name");
    assertThatThrownBy(() -> ask("sqlite:shop.db", "SELECT ?")).hasMessageContaining("params");
    assertThatThrownBy(() -> ask("oracle:x", "SELECT 1")).hasMessageContaining("sqlite:FILE");
    assertThatThrownBy(() -> ask("sqlite:shop.db", "SELECT nothing FROM person"))
        .hasMessageContaining("nothing");
  }

  private String ask(String connection, String sql) throws Exception {
    return run(Map.of("connection", connection, "sql", sql));
  }

  private String run(Map<String, ?> fields) throws Exception {
    DbQuery tool =
        new DbQuery(
            Map.of("SHOP", "sqlite:shop.db", "ODD", "ftp://u:s3cret@h/x"),
            new Workspace(workspace, Files.createDirectories(folder.resolve("temp")))::path);
    return tool.run(
        new PreToolCall(
            (ObjectNode) Json.tree(fields), context.state(), context, Duration.ofSeconds(30)));
  }
}
