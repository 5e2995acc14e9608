package io.windlass.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.PreToolCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

final class MySqlQueryTest {
  private final FakeStepContext context =
      FakeStepContext.with("name", "O'Hara; --", "id", "2", "limit", "1");

  @Test
  void readsAndOnlyReads(@TempDir Path folder) throws Exception {
    try (MariaDb server = MariaDb.start(folder)) {
      DbQueryTest.fill(server.jdbcUrl());
      for (String sql : DbQueryTest.BOUND) {
        assertThat(ask(server, sql)).describedAs(sql).isEqualTo("[{\"id\":2}]");
      }
      assertThat(ask(server, "SELECT @@session.tx_read_only AS only_reads"))
          .isEqualTo("[{\"only_reads\":1}]");
      assertThatThrownBy(() -> ask(server, "SELECT 1 INTO OUTFILE '/tmp/x'"))
          .hasMessageContaining("refuses INTO");
      assertThatThrownBy(() -> ask(server, "SELECT 1 /*! INTO OUTFILE '/tmp/x' */"))
          .hasMessageContaining("MySQL executes");
      assertThat(ask(server, "SELECT count(*) AS n FROM person # DELETE")).isEqualTo("[{\"n\":3}]");
    }
  }

  private String ask(MariaDb server, String sql) throws Exception {
    return new DbQuery(Map.of("SHOP", server.url()), Path::of)
        .run(
            new PreToolCall(
                (ObjectNode) Json.tree(Map.of("connection", "env:SHOP", "sql", sql)),
                context.state(),
                context,
                Duration.ofSeconds(30)));
  }
}
