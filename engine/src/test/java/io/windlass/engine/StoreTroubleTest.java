package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.StepOutcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that cannot be written for a while. */
final class StoreTroubleTest {
  @TempDir Path home;

  @Test
  void keepsTheJournal_whenTheDiskIsFull() throws InterruptedException, SQLException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (TestEngine test = new TestEngine(home, null)) {
      test.define(
          "survives",
          () ->
              Flows.of("b")
                  .step(
                      "a",
                      context -> {
                        begun.countDown();
                        goOn.await();
                        return StepOutcome.done("x".repeat(200_000));
                      })
                  .step("b", context -> StepOutcome.done("through"), "a")
                  .build());
      Execution execution = test.start("survives");
      begun.await();
      int room = limitPages(test, 0);
      goOn.countDown();
      assertThatThrownBy(
              () -> test.start("survives", Json.object().put("big", "y".repeat(500_000)), null))
          .isInstanceOfSatisfying(
              WindlassException.class,
              e -> {
                assertThat(e.code()).as(e.text()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                assertThat(e.text()).contains("disk is full");
              });
      assertThat(test.engine().executions().get(execution.id()).status())
          .isEqualTo(ExecutionStatus.RUNNING);
      limitPages(test, room);
      Execution ended = test.awaitEnd(execution.id());
      assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(Json.show(ended.result())).isEqualTo("through");
    }
  }

  @Test
  void beginsAChildOnceThereIsRoom_whenTheDiskIsFull() throws InterruptedException, SQLException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    try (TestEngine test = new TestEngine(home, null)) {
      test.define("child", () -> Flows.of("c").step("c", context -> StepOutcome.done("c")).build());
      test.define(
          "parent",
          () ->
              Flows.of("a")
                  .step(
                      "a",
                      context -> {
                        begun.countDown();
                        goOn.await();
                        asked.incrementAndGet();
                        var big = Json.object().put("big", "y".repeat(500_000));
                        return Flows.childOf(context, new ChildRequest("code", "child", big));
                      })
                  .build());
      Execution execution = test.start("parent");
      begun.await();
      int room = limitPages(test, 0);
      goOn.countDown();
      TestEngine.await(() -> asked.get() > 1);
      assertThat(test.engine().executions().get(execution.id()).status())
          .isEqualTo(ExecutionStatus.RUNNING);
      limitPages(test, room);
      Execution ended = test.awaitEnd(execution.id());
      assertThat(ended.status()).as("%s", ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(Json.show(ended.result())).isEqualTo("c");
    }
  }

  /**
   * Bounds the database file at its present size (0) or at a number of pages; gives the old bound.
   * The bound belongs to a connection, so all of the pool are taken and told.
   */
  private static int limitPages(TestEngine test, int pages) throws SQLException {
    var database = test.engine().database();
    List<Connection> all = new ArrayList<>();
    int old = 0;
    try {
      for (int i = 0; i < database.poolFigures().max(); i++) {
        all.add(database.dataSource().getConnection());
      }
      for (Connection connection : all) {
        old = pragma(connection, "max_page_count");
        int now = pages == 0 ? pragma(connection, "page_count") : pages;
        pragma(connection, "max_page_count=" + now);
      }
    } finally {
      for (Connection connection : all) {
        connection.close();
      }
    }
    return old;
  }

  private static int pragma(Connection connection, String what) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + what)) {
      return row.getInt(1);
    }
  }

  @Test
  void deletesWhatEndedLongAgo_andNothingElse() throws InterruptedException {
    try (TestEngine test = new TestEngine(home, null)) {
      test.define("one", () -> Flows.of("a").step("a", context -> StepOutcome.done("1")).build());
      Execution old = test.run("one");
      var executions = (io.windlass.execution.LocalExecutions) test.engine().executions();
      assertThat(executions.deleteEndedBefore(Instant.now().minus(Duration.ofDays(1)))).isZero();
      assertThat(executions.deleteEndedBefore(Instant.now().plusSeconds(1))).isEqualTo(1);
      assertThat(executions.find(old.publicId())).isEmpty();
      assertThat(executions.entries(old.id(), 0, 10)).isEmpty();
      ExecutionId next = test.run("one").id();
      assertThat(executions.get(next).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    }
  }

  @Test
  void waitsForTheDatabase_whileAnotherProgramLocksIt() throws InterruptedException, SQLException {
    try (TestEngine test = new TestEngine(home, null)) {
      test.define("one", () -> Flows.of("a").step("a", context -> StepOutcome.done("1")).build());
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + home.resolve("windlass.db"));
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        Thread late =
            Thread.startVirtualThread(() -> {
              Execution execution = test.start("one");
              assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
            });
        assertThat(late.join(Duration.ofMillis(300))).isFalse();
        statement.execute("COMMIT");
        assertThat(late.join(Duration.ofSeconds(10))).isTrue();
      }
    }
  }
}
