package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.approval.Approval;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StartRequest;
import io.windlass.journal.Event;
import io.windlass.journal.Tail;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Effect;
import io.windlass.step.Question;
import io.windlass.step.StepOutcome;
import io.windlass.store.Databases;
import io.windlass.store.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one PostgreSQL. */
final class ClusterTest {
  @TempDir Path homes;
  private final CodeKind kind = new CodeKind();
  private Engine one;
  private boolean oneCrashed;
  private Engine two;

  @BeforeEach
  void open() {
    String url = TestDatabases.newPostgresUrl();
    one = open("one", url);
    two = open("two", url);
  }

  private Engine open(String name, String url) {
    Engine engine =
        Engine.open(
            new EngineConfig(homes.resolve(name), url, Duration.ofMillis(200), null),
            List.of(kind),
            EngineObservers.NONE,
            new Engine.Surroundings(
                InstantSource.system(),
                Duration.ofMillis(300),
                (_, configured) -> Databases.postgres(configured.orElseThrow())));
    engine.start();
    return engine;
  }

  @AfterEach
  void close() {
    if (!oneCrashed) {
      one.close();
    }
    two.close();
  }

  private Execution startOnOne(String name) {
    return one.executions()
        .start(new StartRequest("code", name, Json.object(), "test", "me", "", null, null));
  }

  @Test
  void noticesThatANodeDied_andGoesOnWithItsWork() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    kind.with(
        "orphaned",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      if (runs.incrementAndGet() == 1) {
                        begun.countDown();
                        TimeUnit.SECONDS.sleep(60);
                      }
                      return StepOutcome.done("done elsewhere");
                    })
                .build());
    one.definitions().save("code", "orphaned", "orphaned");
    Execution execution = startOnOne("orphaned");
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    one.crash();
    oneCrashed = true;
    Execution ended =
        two.executions().awaitEnd(execution.id(), Duration.ofSeconds(30)).orElseThrow();
    assertThat(Json.show(ended.result())).isEqualTo("done elsewhere");
    assertThat(ended.node()).isEqualTo(two.nodeName());
  }

  @Test
  void refusesWhatANodeWritesThatWasThoughtDead() throws InterruptedException {
    AtomicInteger finished = new AtomicInteger();
    CountDownLatch firstHangs = new CountDownLatch(1);
    CountDownLatch letFirstWrite = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    kind.with(
        "survives",
        () ->
            Flows.of("b")
                .step(
                    "a",
                    context ->
                        StepOutcome.done(
                            context.once(
                                Effect.repeatable("a", "counts"),
                                () -> Json.text("" + finished.incrementAndGet()))))
                .step(
                    "b",
                    context -> {
                      if (runs.incrementAndGet() == 1) {
                        firstHangs.countDown();
                        letFirstWrite.await();
                        return StepOutcome.done("from the dead");
                      }
                      return StepOutcome.done("from the living");
                    },
                    "a")
                .build());
    one.definitions().save("code", "survives", "survives");
    Execution execution = startOnOne("survives");
    assertThat(firstHangs.await(10, TimeUnit.SECONDS)).isTrue();
    two.takeOver(one.nodeName());
    Execution ended =
        two.executions().awaitEnd(execution.id(), Duration.ofSeconds(30)).orElseThrow();
    letFirstWrite.countDown();
    assertThat(Json.show(ended.result())).isEqualTo("from the living");
    assertThat(finished).hasValue(1);
    TestEngine.await(() -> one.executions().running(java.util.Set.of()) == 0);
    assertThat(two.executions().get(execution.id())).isEqualTo(ended);
    assertThat(two.executions().entries(execution.id(), 0, 100))
        .noneMatch(entry -> entry.event().toString().contains("from the dead"))
        .anyMatch(entry -> entry.event() instanceof Event.ExecutionTaken taken && !taken.reset());
  }

  @Test
  void followsDecidesAndCancelsFromAnyNode() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    kind.with(
        "shared",
        () ->
            Flows.of("b")
                .step(
                    "a",
                    context -> {
                      goOn.await();
                      return StepOutcome.done("a");
                    })
                .step(
                    "b",
                    context ->
                        context
                            .answer("q")
                            .<StepOutcome>map(answer -> StepOutcome.done("approved"))
                            .orElseGet(() ->
                                new StepOutcome.Ask(
                                    "q",
                                    new Question("gate", "?", List.of("approve"), null, null))),
                    "a")
                .build());
    one.definitions().save("code", "shared", "shared");
    Execution execution = startOnOne("shared");
    try (Tail tail = two.executions().tail(execution.id(), 0)) {
      goOn.countDown();
      boolean asked = false;
      while (!asked) {
        Optional<Tail.Seen> seen = tail.next(Duration.ofSeconds(10));
        asked =
            seen.orElseThrow() instanceof Tail.Recorded(var entry)
                && entry.event() instanceof Event.ApprovalAsked;
      }
    }
    Approval approval = two.approvals().findOpen(execution.id(), "b").orElseThrow();
    two.approvals().decide(approval.id(), "approve", "me", "test", null);
    assertThat(
            one.executions()
                .awaitEnd(execution.id(), Duration.ofSeconds(10))
                .orElseThrow()
                .status())
        .isEqualTo(ExecutionStatus.SUCCEEDED);

    kind.with(
        "long",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      TimeUnit.SECONDS.sleep(60);
                      return StepOutcome.done("never");
                    })
                .build());
    one.definitions().save("code", "long", "long");
    Execution running = startOnOne("long");
    assertThat(two.executions().cancel(running.id(), "user").status())
        .isEqualTo(ExecutionStatus.CANCELLED);
  }

  @Test
  void stopsWhatOtherNodesRun_andWhatWaitsSoonAfter() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch mayEnd = new CountDownLatch(1);
    kind.with(
        "works",
        () ->
            Flows.of("gate")
                .step(
                    "a",
                    context -> {
                      begun.countDown();
                      mayEnd.await();
                      return StepOutcome.done("a");
                    })
                .step("gate", EngineCase.GATE, "a")
                .build());
    kind.with("asks", () -> Flows.of("gate").step("gate", EngineCase.GATE).build());
    kind.with(
        "root",
        () ->
            Flows.of("c")
                .step("c", DeepStopTest.running("works"))
                .step("d", DeepStopTest.running("asks"))
                .build());
    List.of("works", "asks", "root").forEach(name -> one.definitions().save("code", name, name));
    Execution alone = startOnOne("works");
    Execution root = startOnOne("root");
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    TestEngine.await(() -> two.approvals().countOpen() == 1);
    TestEngine.await(() -> two.executions().get(root.id()).status() == ExecutionStatus.WAITING);
    two.executions().stop(alone.id(), "ann");
    two.executions().stop(root.id(), "ann");
    // The first may ask a person before its node has heard.
    mayEnd.countDown();
    for (Execution told : List.of(alone, root)) {
      assertThat(two.executions().awaitEnd(told.id(), Duration.ofSeconds(20)).orElseThrow().error())
          .isEqualTo("Cancelled by ann");
    }
    assertThat(two.executions().list(ExecutionFilter.ALL, null, 10).items())
        .hasSize(4)
        .extracting(Execution::status)
        .containsOnly(ExecutionStatus.CANCELLED);
    assertThat(two.approvals().countOpen()).isZero();
  }

  @Test
  void refusesASecondServerOnTheSameHome() {
    assertThatThrownBy(() -> open("one", "jdbc:postgresql://127.0.0.1:1/none"))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
              assertThat(e.text()).contains("WINDLASS_HOME");
            });
  }
}
