package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.definition.Guard;
import io.windlass.definition.Limits;
import io.windlass.definition.Node;
import io.windlass.definition.Retry;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.journal.Event;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.Effect;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Graceful ends, children that take too long, and limits that a run chooses itself. */
@Timeout(60)
final class GracefulTest extends EngineCase {
  @Test
  void letsTheRunningStepEndAndBeginsNoOther() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicInteger second = new AtomicInteger();
    test.define(
        "two",
        () ->
            Flows.of("second")
                .step(
                    "first",
                    context -> {
                      runs.countDown();
                      mayEnd.await();
                      return StepOutcome.done("through");
                    })
                .step("second", context -> StepOutcome.done("" + second.incrementAndGet()), "first")
                .build());
    Execution execution = test.start("two");
    runs.await();
    assertThat(test.engine().executions().stop(execution.id(), "ann").status())
        .isEqualTo(ExecutionStatus.RUNNING);
    mayEnd.countDown();
    Execution ended = test.awaitEnd(execution.id());
    assertThat(ended.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(ended.error()).isEqualTo("Cancelled by ann");
    assertThat(
            Json.show(
                test.engine().executions().detail(execution.id()).steps().getFirst().output()))
        .isEqualTo("through");
    assertThat(second).hasValue(0);
    assertThatThrownBy(() -> test.engine().executions().stop(execution.id(), "ann"))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_STATE));

    test.engine().executions().resume(execution.id(), "ann");
    assertThat(test.awaitEnd(execution.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(second).hasValue(1);
  }

  @Test
  void letsTheChildOfAWaitingStepEndFirst() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicInteger after = new AtomicInteger();
    test.define(
        "leaf",
        () ->
            Flows.of("x")
                .step(
                    "x",
                    context -> {
                      runs.countDown();
                      mayEnd.await();
                      return StepOutcome.done("leaf");
                    })
                .build());
    test.define(
        "root",
        () ->
            Flows.of("after")
                .step("child", running("leaf", null))
                .step("after", context -> StepOutcome.done("" + after.incrementAndGet()), "child")
                .build());
    Execution root = test.start("root");
    runs.await();
    test.engine().executions().stop(root.id(), "ann");
    mayEnd.countDown();
    assertThat(test.awaitEnd(root.id()).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(test.engine().executions().detail(root.id()).steps().getFirst().output())
        .isEqualTo(Json.text("leaf"));
    assertThat(after).hasValue(0);
  }

  @Test
  void endsARunThatWaitsForAPerson() throws InterruptedException {
    test.define(
        "asks",
        () ->
            Flows.of("after")
                .step("gate", GATE)
                .step("after", context -> StepOutcome.done("after"), "gate")
                .build());
    Execution execution = test.start("asks");
    test.awaitApproval(execution.id(), "gate");
    test.engine().executions().stop(execution.id(), "ann");
    Execution ended = test.awaitEnd(execution.id());
    assertThat(ended.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(ended.error()).isEqualTo("Cancelled by ann");
    assertThat(test.engine().approvals().list(true, null, null, 10).items()).isEmpty();
  }

  @Test
  void endsInThePauseBeforeAnotherAttempt() throws InterruptedException {
    AtomicInteger attempts = new AtomicInteger();
    test.define(
        "pausing",
        () ->
            Flows.of("x")
                .retried(
                    "x",
                    new Retry(3, Duration.ofSeconds(50), 1),
                    null,
                    context -> {
                      attempts.incrementAndGet();
                      return new StepOutcome.Failed("not yet", true);
                    })
                .build());
    Execution execution = test.start("pausing");
    TestEngine.await(() ->
        test.engine().executions().entries(execution.id(), 0, 100).stream()
            .anyMatch(entry -> entry.event() instanceof Event.StepRetried));
    test.engine().executions().stop(execution.id(), "ann");
    assertThat(test.awaitEnd(execution.id()).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void doesAnewWhatLedToAResultThatDoesNotFit() throws InterruptedException {
    AtomicInteger gathered = new AtomicInteger();
    AtomicInteger asked = new AtomicInteger();
    test.define(
        "unfit",
        () ->
            Flows.of("x")
                .retried(
                    "x",
                    new Retry(3, Duration.ZERO, 1),
                    null,
                    context -> {
                      context.once(
                          Effect.repeatable("pre:0", "gather"),
                          () -> Json.text("" + gathered.incrementAndGet()));
                      String answer =
                          Json.show(
                              context.once(
                                  Effect.repeatable("ask", "ask"),
                                  () -> Json.text("" + asked.incrementAndGet())));
                      context.use(new Usage("m", 10, 1, BigDecimal.ONE));
                      return answer.equals("3")
                          ? StepOutcome.done(answer)
                          : new StepOutcome.Failed("does not fit: " + answer, true, "pre:");
                    })
                .build());
    Execution ended = test.run("unfit");
    assertThat(Json.show(ended.result())).as(ended.error()).isEqualTo("3");
    assertThat(gathered).hasValue(1);
    assertThat(asked).hasValue(3);
    assertThat(test.engine().executions().detail(ended.id()).steps().getFirst().usage())
        .as("what was asked in vain counts, too")
        .isEqualTo(new Usage("m", 30, 3, BigDecimal.valueOf(3)));
  }

  @Test
  void givesUpAChildThatTakesTooLong_andTriesAgain() throws InterruptedException {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger interrupted = new AtomicInteger();
    test.define(
        "leaf",
        () ->
            Flows.of("x")
                .step(
                    "x",
                    context -> {
                      if (begun.incrementAndGet() == 1) {
                        try {
                          TimeUnit.SECONDS.sleep(50);
                        } catch (InterruptedException e) {
                          interrupted.incrementAndGet();
                          throw e;
                        }
                      }
                      return StepOutcome.done("in time");
                    })
                .build());
    test.define(
        "root",
        () ->
            Flows.of("child")
                .retried(
                    "child",
                    new Retry(2, Duration.ZERO, 1),
                    null,
                    running("leaf", Duration.ofMillis(300)))
                .build());
    Execution ended = test.run("root");
    assertThat(ended.status()).as(ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(Json.show(ended.result())).isEqualTo("in time");
    assertThat(begun).hasValue(2);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (interrupted.get() == 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(interrupted).as("the first child was cancelled").hasValue(1);
  }

  @Test
  void takesTheLimitsThatARunChooses() throws InterruptedException {
    AtomicInteger attempts = new AtomicInteger();
    test.define(
        "own",
        () ->
            Flows.of("x")
                .add(
                    new Node(
                        "x",
                        "x",
                        "code",
                        context -> {
                          attempts.incrementAndGet();
                          TimeUnit.SECONDS.sleep(50);
                          return StepOutcome.done("");
                        },
                        List.of(),
                        "x",
                        Guard.NONE,
                        Retry.NEVER,
                        null,
                        null,
                        state -> new Limits(new Retry(3, Duration.ZERO, 1), Duration.ofMillis(20))))
                .build());
    Execution ended = test.run("own");
    assertThat(ended.error()).isEqualTo("Timed out after 20 ms");
    assertThat(attempts).hasValue(3);
  }

  private static Step running(String name, @Nullable Duration atMost) {
    return context -> {
      String key = "c" + context.attempt();
      var child = context.child(key);
      if (child.isPresent()) {
        return StepOutcome.done(child.get().result());
      }
      if (context.slept(StepOutcome.RunChild.timeUp(key))) {
        return new StepOutcome.Failed("too slow", true);
      }
      return new StepOutcome.RunChild(key, new ChildRequest("code", name, Json.object()), atMost);
    };
  }
}
