package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.definition.Guard;
import io.windlass.definition.Retry;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import io.windlass.step.Effect;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an explicit resume runs again, asks again, counts again, and what it leaves. */
final class ResumeTest extends EngineCase {
  private static final Guard ONCE_LATE_IS_THERE =
      state ->
          state.find("late").isPresent() ? new Guard.Run() : new Guard.Skip("late is not there");
  private static final Usage CALL = new Usage("m", 10, 5, BigDecimal.ONE);

  private final List<String> ran = new CopyOnWriteArrayList<>();

  @Test
  void asksSkippedStepsAgain_andWhatHasNotFinishedWaitsForThem() throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean(true);
    CountDownLatch skipped = new CountDownLatch(1);
    test.define(
        "asks",
        () ->
            Flows.of("last")
                .guarded("maybe", ONCE_LATE_IS_THERE, says("ran"))
                .step(
                    "done",
                    context -> {
                      ran.add("done");
                      skipped.countDown();
                      return StepOutcome.done("done");
                    },
                    "maybe")
                .step(
                    "late",
                    context -> {
                      skipped.await();
                      return StepOutcome.done("late");
                    })
                .step("breaking", failing(broken), "late")
                .guarded("chained", ONCE_LATE_IS_THERE, logged("chained"), "maybe", "breaking")
                .step("waits", logged("waits"), "maybe", "late", "breaking")
                .step("last", logged("last"), "done", "waits", "chained")
                .build());
    Execution failed = test.run("asks");
    assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(ran).containsExactly("done");

    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    assertThat(test.awaitEnd(failed.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(statuses(failed.id()).values()).containsOnly(StepStatus.DONE);
    assertThat(ran).startsWith("done").endsWith("last").hasSize(5).contains("chained", "waits");
    assertThat(test.engine().executions().detail(failed.id()).steps().getFirst().output())
        .isEqualTo(Json.text("ran"));
  }

  @Test
  void letsAFailedStepWaitForTheSkippedOneBeforeIt() throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean(true);
    AtomicBoolean open = new AtomicBoolean();
    Guard guard = state -> open.get() ? new Guard.Run() : new Guard.Skip("closed");
    test.define(
        "two",
        () ->
            Flows.of("after")
                .guarded("before", guard, logged("before"))
                .step("after", failing(broken), "before")
                .build());
    Execution failed = test.run("two");
    assertThat(statuses(failed.id())).containsEntry("before", StepStatus.SKIPPED);
    test.engine().executions().resume(failed.id(), "me");
    assertThat(test.awaitEnd(failed.id()).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(statuses(failed.id())).containsEntry("before", StepStatus.SKIPPED);

    open.set(true);
    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    assertThat(test.awaitEnd(failed.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(ran).containsExactly("before", "mended");
  }

  @Test
  void runsAgainAfterAnEarlyEndThatHoldsNoMore() throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean(true);
    Guard guard = state -> broken.get() ? new Guard.End("enough") : new Guard.Run();
    test.define(
        "ends",
        () ->
            Flows.of("after")
                .guarded("ending", guard, logged("ending"))
                .step("breaking", failing(broken))
                .step("after", logged("after"), "ending", "breaking")
                .build());
    Execution failed = test.run("ends");
    assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    assertThat(test.awaitEnd(failed.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(ran).containsExactlyInAnyOrder("ending", "mended", "after").endsWith("after");
  }

  @Test
  void leavesTheBranchesClosedThatWereNotChosen() throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean(true);
    test.define(
        "routes",
        () ->
            Flows.of("after")
                .step(
                    "router",
                    context -> new StepOutcome.Done(Json.text("left"), Map.of(), Set.of("right")))
                .step("left", failing(broken), "router")
                .step("right", logged("right"), "router")
                .step("behind", logged("behind"), "right")
                .step("after", logged("after"), "left", "right")
                .build());
    Execution failed = test.run("routes");
    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    assertThat(test.awaitEnd(failed.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(ran).containsExactly("mended", "after");
    assertThat(statuses(failed.id()))
        .containsEntry("right", StepStatus.SKIPPED)
        .containsEntry("behind", StepStatus.SKIPPED);
  }

  @Test
  void goesOnFromTheEffectsOfAFailure_andCountsThemOnce() throws InterruptedException {
    AtomicInteger first = new AtomicInteger();
    AtomicBoolean broken = new AtomicBoolean(true);
    test.define(
        "calls",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      call(context, "one", first);
                      return broken.get()
                          ? new StepOutcome.Failed("no luck", false)
                          : StepOutcome.done("luck");
                    })
                .build());
    Execution failed = test.run("calls");
    assertThat(failed.usage()).isEqualTo(CALL);
    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    Execution resumed = test.awaitEnd(failed.id());
    assertThat(first).hasValue(1);
    assertThat(resumed.usage()).isEqualTo(CALL);
  }

  @Test
  void doesAnewWhatLedToTheFailureOrTheSkip_andCountsAllOfIt() throws InterruptedException {
    AtomicInteger kept = new AtomicInteger();
    AtomicInteger judged = new AtomicInteger();
    AtomicInteger weighed = new AtomicInteger();
    test.define(
        "judges",
        () ->
            Flows.of("judge")
                .step(
                    "weigh",
                    context ->
                        call(context, "weigh", weighed) < 2
                            ? new StepOutcome.Skipped("too light", "pre:")
                            : StepOutcome.done("heavy"))
                .step(
                    "judge",
                    context -> {
                      call(context, "pre:read", kept);
                      return call(context, "judge", judged) < 2
                          ? new StepOutcome.Failed("not good enough", false, "pre:")
                          : StepOutcome.done("good");
                    },
                    "weigh")
                .build());
    Execution failed = test.run("judges");
    assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(failed.usage().inputTokens()).isEqualTo(30);
    test.engine().executions().resume(failed.id(), "me");
    Execution resumed = test.awaitEnd(failed.id());
    assertThat(resumed.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(statuses(failed.id()).values()).containsOnly(StepStatus.DONE);
    assertThat(kept).hasValue(1);
    assertThat(judged).hasValue(2);
    assertThat(weighed).hasValue(2);
  }

  @Test
  void givesAChildThatTookTooLongItsTimeAgain() throws InterruptedException {
    AtomicBoolean slow = new AtomicBoolean(true);
    test.define(
        "leaf",
        () ->
            Flows.of("x")
                .step(
                    "x",
                    context -> {
                      if (slow.get()) {
                        TimeUnit.SECONDS.sleep(60);
                      }
                      return StepOutcome.done("through");
                    })
                .build());
    test.define(
        "root",
        () ->
            Flows.of("child")
                .retried(
                    "child",
                    new Retry(2, Duration.ofMillis(10), 1),
                    null,
                    context -> {
                      String key = "c" + context.attempt();
                      if (context.child(key).isPresent()) {
                        ChildResult child = context.child(key).get();
                        return child.succeeded()
                            ? StepOutcome.done(child.result())
                            : new StepOutcome.Failed("child: " + child.error(), true);
                      }
                      return context.slept(StepOutcome.RunChild.timeUp(key))
                          ? new StepOutcome.Failed("too slow", true)
                          : new StepOutcome.RunChild(
                              key,
                              new ChildRequest("code", "leaf", Json.object()),
                              Duration.ofMillis(slow.get() ? 300 : 60_000));
                    })
                .build());
    Execution failed = test.run("root");
    assertThat(failed.error()).isEqualTo("too slow");
    slow.set(false);
    test.engine().executions().resume(failed.id(), "me");
    Execution resumed = test.awaitEnd(failed.id());
    assertThat(resumed.error()).isNull();
    assertThat(resumed.result()).isEqualTo(Json.text("through"));
  }

  private Step logged(String name) {
    return context -> {
      ran.add(name);
      return StepOutcome.done(name);
    };
  }

  private Step failing(AtomicBoolean broken) {
    return context -> {
      if (broken.get()) {
        return new StepOutcome.Failed("no luck", false);
      }
      ran.add("mended");
      return StepOutcome.done("mended");
    };
  }

  /** One that consumes; its result is how many there have been. */
  private static long call(StepContext context, String key, AtomicInteger calls) throws Exception {
    long number =
        context
            .once(Effect.repeatable(key, key), () -> Json.tree(calls.incrementAndGet()))
            .asLong();
    context.use(CALL);
    return number;
  }
}
