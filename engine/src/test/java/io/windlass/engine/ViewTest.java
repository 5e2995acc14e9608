package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.StartRequest;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.Tail;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ViewTest extends EngineCase {
  @Test
  void tailsFromAnyNumber_thenLive_thenToTheEnd() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    test.define(
        "told",
        () ->
            Flows.of("b")
                .step("a", says("1"))
                .step(
                    "b",
                    context -> {
                      context.output("hel");
                      goOn.await();
                      context.output("lo");
                      return StepOutcome.done("hello");
                    },
                    "a")
                .build());
    Execution execution = test.start("told");
    List<Long> numbers = new ArrayList<>();
    StringBuilder live = new StringBuilder();
    try (Tail tail = test.engine().executions().tail(execution.id(), 0)) {
      boolean over = false;
      while (!over) {
        Tail.Seen seen = tail.next(TestEngine.PATIENCE).orElseThrow();
        switch (seen) {
          case Tail.Recorded(Entry entry) -> {
            numbers.add(entry.number());
            over = entry.event() instanceof Event.ExecutionSucceeded;
            if (entry.event() instanceof Event.StepStarted started && started.step().equals("b")) {
              goOn.countDown();
            }
          }
          case Tail.Live(Event.StepOutput output) -> live.append(output.text());
        }
      }
    }
    assertThat(numbers).first().isEqualTo(1L);
    for (int i = 1; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
    }
    // What a viewer has not seen live it gets with the step's end.
    assertThat("hello").contains(live);
    assertThat(
            test.engine().executions().detail(execution.id()).steps().stream()
                .map(step -> Json.show(step.output())))
        .containsExactly("1", "hello");
    try (Tail late = test.engine().executions().tail(execution.id(), numbers.size() - 1L)) {
      Tail.Seen seen = late.next(TestEngine.PATIENCE).orElseThrow();
      assertThat(((Tail.Recorded) seen).entry().event())
          .isInstanceOf(Event.ExecutionSucceeded.class);
      assertThat(late.next(Duration.ofMillis(50))).isEmpty();
    }
  }

  @Test
  void endsNoStepAfterItsExecution() throws InterruptedException {
    AtomicLong now = new AtomicLong(1_700_000_000_000L);
    CodeKind kind =
        new CodeKind().with("timed", () -> Flows.of("b").step("b", says("done")).build());
    String url = Objects.requireNonNull(database).newUrl();
    EngineConfig config =
        new EngineConfig(home.resolve("timed"), url, Duration.ofMillis(300), null);
    Engine.Surroundings everLater =
        new Engine.Surroundings(
            () -> Instant.ofEpochMilli(now.incrementAndGet()),
            Duration.ofSeconds(5),
            Engine.Surroundings.REAL.database());
    try (Engine engine = Engine.open(config, List.of(kind), EngineObservers.NONE, everLater)) {
      engine.start();
      engine.definitions().save("code", "timed", "timed");
      ExecutionId id =
          engine
              .executions()
              .start(new StartRequest("code", "timed", Json.object(), "test", "me", "", null, null))
              .id();
      Execution ended = engine.executions().awaitEnd(id, TestEngine.PATIENCE).orElseThrow();
      assertThat(engine.executions().detail(id).steps())
          .extracting(StepView::finishedAt)
          .containsExactly(ended.finishedAt());
    }
  }

  @Test
  void listsNewestFirst_page_byPage() throws InterruptedException {
    test.define("one", () -> Flows.of("a").step("a", says("1")).build());
    List<ExecutionId> started = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      started.add(test.run("one").id());
    }
    List<ExecutionId> listed = new ArrayList<>();
    String cursor = null;
    do {
      var page = test.engine().executions().list(ExecutionFilter.ALL, cursor, 2);
      page.items().forEach(execution -> listed.add(execution.id()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(listed).isEqualTo(started.reversed());
    assertThat(test.engine().executions().recent(ExecutionFilter.ofKinds(Set.of("code")), 2, 1))
        .extracting(detail -> detail.execution().id())
        .isEqualTo(started.reversed().subList(1, 3));
    assertThat(test.engine().executions().recent(ExecutionFilter.ALL, 1, 0).getFirst().steps())
        .extracting(StepView::status)
        .containsExactly(StepStatus.DONE);
  }
}
