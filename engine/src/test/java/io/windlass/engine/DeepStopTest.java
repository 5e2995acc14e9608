package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.definition.Flow;
import io.windlass.definition.Retry;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StopRequest;
import io.windlass.journal.Event;
import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.Question;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A graceful end of a run whose steps wait for executions that they started. */
@Timeout(60)
final class DeepStopTest extends EngineCase {
  private final CountDownLatch runs = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final AtomicInteger after = new AtomicInteger();

  @Test
  void endsAGrandchildThatWaitsForAPerson_andGoesOnAfterAResume() throws InterruptedException {
    test.define("leaf", () -> Flows.of("gate").step("gate", GATE).build());
    test.define("middle", () -> Flows.of("leaf").step("leaf", running("leaf")).build());
    test.define("root", () -> followed(running("middle")));
    Execution root = test.start("root");
    awaitQuestions(1);
    for (int i = 0; i < 3 && !status(root).isFinal(); i++) {
      stopUnlessEnded(root);
    }
    assertThat(test.awaitEnd(root.id()).error()).isEqualTo("Cancelled by ann");
    assertThat(statusesByName().values()).containsOnly(ExecutionStatus.CANCELLED).hasSize(3);
    assertThat(questions()).isEmpty();
    assertThat(after).hasValue(0);
    assertThat(eventsOf(root)).containsOnlyOnce(Event.ExecutionStopping.class);

    test.engine().executions().resume(root.id(), "ann");
    awaitQuestions(1);
    answer();
    assertThat(test.awaitEnd(root.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(statusesByName().values()).containsOnly(ExecutionStatus.SUCCEEDED).hasSize(3);
    assertThat(after).hasValue(1);
  }

  @Test
  void endsAtOnceWhatWaits_andLetsWhatRunsComplete() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    AtomicBoolean resumed = new AtomicBoolean();
    test.define("works", () -> followed(blocking()));
    test.define("asks", () -> Flows.of("gate").step("gate", GATE).build());
    test.define("sleeps", () -> Flows.of("x").step("x", sleeping(resumed)).build());
    test.define("pauses", () -> pausing(tries, resumed));
    test.define("outer", () -> Flows.of("x").step("x", running("asks")).build());
    test.define(
        "root",
        () ->
            Flows.of("works")
                .step("works", running("works"))
                .step("outer", running("outer"))
                .step("sleeps", running("sleeps"))
                .step("pauses", running("pauses"))
                .step("gate", GATE)
                .build());
    Execution root = test.start("root");
    runs.await();
    awaitQuestions(2);
    TestEngine.await(() -> tries.get() == 1 && named("sleeps") == ExecutionStatus.WAITING);
    assertThat(detail(root).stopping()).isNull();
    stopUnlessEnded(root);
    TestEngine.await(() ->
        List.of("outer", "asks", "sleeps", "pauses").stream()
            .allMatch(name -> named(name) == ExecutionStatus.CANCELLED));
    assertThat(questions()).as("the run's own is taken back, too").isEmpty();
    assertThat(statusesByName())
        .containsEntry("works", ExecutionStatus.RUNNING)
        .containsEntry("root", ExecutionStatus.RUNNING);
    assertThat(detail(root).stopping()).extracting(StopRequest::by).isEqualTo("ann");
    mayEnd.countDown();
    assertThat(test.awaitEnd(root.id()).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(detail(root).stopping()).isNull();
    assertThat(statusesByName().values()).containsOnly(ExecutionStatus.CANCELLED);
    assertThat(after).as("nothing begins after what ran").hasValue(0);
    assertThat(tries).hasValue(1);

    resumed.set(true);
    test.engine().executions().resume(root.id(), "ann");
    awaitQuestions(2);
    answer();
    Execution ended = test.awaitEnd(root.id());
    assertThat(ended.status()).as(ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(after).hasValue(1);
  }

  @Test
  void stillStopsAfterARestart() throws InterruptedException {
    test.define("works", () -> followed(blocking()));
    test.define("middle", () -> followed(running("works")));
    test.define("root", () -> followed(running("middle")));
    Execution root = test.start("root");
    runs.await();
    stopUnlessEnded(root);
    TestEngine.await(() ->
        all().stream().allMatch(one -> eventsOf(one).contains(Event.ExecutionStopping.class)));
    Thread restarting = Thread.startVirtualThread(() -> test.restart());
    mayEnd.countDown();
    restarting.join();
    assertThat(test.awaitEnd(root.id()).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(statusesByName().values()).containsOnly(ExecutionStatus.CANCELLED).hasSize(3);
    assertThat(after).hasValue(0);
  }

  @Test
  void beginsNoWaitOfAStepThatRan() throws InterruptedException {
    test.define("leaf", () -> Flows.of("x").step("x", says("leaf")).build());
    AtomicInteger through = new AtomicInteger();
    test.define(
        "root",
        () ->
            Flows.of("child")
                .step("child", late(running("leaf"), through))
                .step("gate", late(GATE, through))
                .step("sleep", late(sleeping(new AtomicBoolean(true)), through))
                .build());
    Execution root = test.start("root");
    TestEngine.await(() -> through.get() == 3);
    stopUnlessEnded(root);
    mayEnd.countDown();
    assertThat(test.awaitEnd(root.id()).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(all()).as("no child was begun").hasSize(1);
    assertThat(eventsOf(root)).doesNotContain(Event.ApprovalAsked.class, Event.SleepBegun.class);

    test.engine().executions().resume(root.id(), "ann");
    awaitQuestions(1);
    answer();
    Execution ended = test.awaitEnd(root.id());
    assertThat(ended.status()).as(ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(Json.show(ended.result())).isEqualTo("leaf");
  }

  private Flow followed(Step step) {
    return Flows.of("after")
        .step("first", step)
        .step("after", context -> StepOutcome.done("" + after.incrementAndGet()), "first")
        .build();
  }

  private Step blocking() {
    return context -> {
      runs.countDown();
      mayEnd.await();
      return StepOutcome.done("worked");
    };
  }

  /** Comes to its wait only when the run is to end. */
  private Step late(Step step, AtomicInteger through) {
    return context -> {
      through.incrementAndGet();
      mayEnd.await();
      return step.run(context);
    };
  }

  private static Step sleeping(AtomicBoolean shortly) {
    return context ->
        context.slept("s")
            ? StepOutcome.done("slept")
            : new StepOutcome.Sleep(
                "s", context.clock().instant().plusMillis(shortly.get() ? 1 : 500_000));
  }

  private static Flow pausing(AtomicInteger tries, AtomicBoolean works) {
    return Flows.of("x")
        .retried(
            "x",
            new Retry(3, Duration.ofSeconds(500), 1),
            null,
            context -> {
              tries.incrementAndGet();
              return works.get() ? StepOutcome.done("x") : new StepOutcome.Failed("not yet", true);
            })
        .build();
  }

  static Step running(String name) {
    return context -> {
      String key = "c" + context.attempt();
      return context
          .child(key)
          .<StepOutcome>map(child ->
              child.succeeded()
                  ? StepOutcome.done(child.result())
                  : new StepOutcome.Failed(Objects.toString(child.error()), false))
          .orElseGet(
              () -> new StepOutcome.RunChild(key, new ChildRequest("code", name, Json.object())));
    };
  }

  private void stopUnlessEnded(Execution execution) {
    if (!status(execution).isFinal()) {
      test.engine().executions().stop(execution.id(), "ann");
    }
  }

  private List<Approval> questions() {
    return test.engine().approvals().list(true, null, null, 10).items();
  }

  private void awaitQuestions(int count) throws InterruptedException {
    TestEngine.await(() -> questions().size() == count);
  }

  private void answer() {
    for (Approval question : questions()) {
      test.engine().approvals().decide(question.id(), Question.APPROVE, "me", "test", null);
    }
  }

  private ExecutionDetail detail(Execution execution) {
    return test.engine().executions().detail(execution.id());
  }

  private ExecutionStatus status(Execution execution) {
    return test.engine().executions().get(execution.id()).status();
  }

  private ExecutionStatus named(String name) {
    return Objects.requireNonNull(statusesByName().get(name));
  }

  private List<Execution> all() {
    return test.engine().executions().list(ExecutionFilter.ALL, null, 50).items();
  }

  private Map<String, ExecutionStatus> statusesByName() {
    return all().stream().collect(Collectors.toMap(Execution::name, Execution::status));
  }

  private List<Class<?>> eventsOf(Execution execution) {
    return test.engine().executions().entries(execution.id(), 0, 1000).stream()
        .<Class<?>>map(entry -> entry.event().getClass())
        .toList();
  }
}
