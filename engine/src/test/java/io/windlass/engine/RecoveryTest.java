package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.definition.Retry;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.Effect;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RecoveryTest extends EngineCase {
  @Test
  void retriesAStepThatTimedOut_withoutRepeatingItsFinishedEffects() throws InterruptedException {
    AtomicInteger gathered = new AtomicInteger();
    AtomicInteger tries = new AtomicInteger();
    test.define(
        "flaky",
        () ->
            Flows.of("a")
                .retried(
                    "a",
                    new Retry(3, Duration.ofMillis(10), 2),
                    Duration.ofMillis(200),
                    context -> {
                      context.once(
                          Effect.repeatable("gather", "gathers"),
                          () -> Json.text("" + gathered.incrementAndGet()));
                      if (tries.incrementAndGet() < 3) {
                        TimeUnit.SECONDS.sleep(20);
                      }
                      return StepOutcome.done("attempt " + context.attempt());
                    })
                .build());
    Execution ended = test.run("flaky");
    assertThat(Json.show(ended.result())).isEqualTo("attempt 3");
    assertThat(gathered).hasValue(1);
    assertThat(
            test.engine().executions().entries(ended.id(), 0, 100).stream()
                .filter(entry -> entry.event() instanceof Event.StepRetried)
                .map(entry -> ((Event.StepRetried) entry.event()).error()))
        .containsExactly("Timed out after 200 ms", "Timed out after 200 ms");
  }

  @Test
  void goesOnAfterARestart_withoutRepeatingFinishedEffects() throws InterruptedException {
    AtomicInteger effects = new AtomicInteger();
    AtomicBoolean hang = new AtomicBoolean(true);
    CountDownLatch hanging = new CountDownLatch(1);
    test.define(
        "interrupted",
        () ->
            Flows.of("b")
                .step(
                    "a",
                    context ->
                        StepOutcome.done(
                            context.once(
                                Effect.repeatable("e", "counts"),
                                () -> Json.text("" + effects.incrementAndGet()))))
                .step(
                    "b",
                    context -> {
                      context.once(
                          Effect.repeatable("e", "counts"),
                          () -> Json.text("" + effects.incrementAndGet()));
                      if (hang.get()) {
                        hanging.countDown();
                        TimeUnit.SECONDS.sleep(60);
                      }
                      return StepOutcome.done("end");
                    },
                    "a")
                .build());
    Execution execution = test.start("interrupted");
    assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
    hang.set(false);
    test.restart();
    assertThat(test.awaitEnd(execution.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(effects).hasValue(2);
  }

  @Test
  void beginsAChildAfterTheRestart_whenTheServerStopsAsItIsToBegin() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    test.define("child", () -> Flows.of("c").step("c", context -> StepOutcome.done("c")).build());
    test.define(
        "parent",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      if (begun.getCount() > 0) {
                        begun.countDown();
                        TestEngine.await(this::refusesStarts);
                      }
                      return Flows.childOf(
                          context, new ChildRequest("code", "child", Json.object()));
                    })
                .build());
    Execution execution = test.start("parent");
    begun.await();

    test.restart();

    Execution ended = test.awaitEnd(execution.id());
    assertThat(ended.status()).as("%s", ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(Json.show(ended.result())).isEqualTo("c");
  }

  private boolean refusesStarts() {
    try {
      test.start("child");
      return false;
    } catch (WindlassException e) {
      return e.code() == ErrorCode.SHUTTING_DOWN;
    }
  }

  @Test
  void waitsOutTheRestOfARetrysDelay_afterARestart() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    test.define(
        "patient",
        () ->
            Flows.of("a")
                .retried(
                    "a",
                    new Retry(2, Duration.ofSeconds(6), 1),
                    null,
                    context ->
                        tries.incrementAndGet() == 1
                            ? new StepOutcome.Failed("not yet", true)
                            : StepOutcome.done("attempt " + context.attempt()))
                .build());
    Execution execution = test.start("patient");
    TestEngine.await(() -> retried(execution).isPresent());
    test.restart();
    Execution ended = test.awaitEnd(execution.id());
    assertThat(Json.show(ended.result())).isEqualTo("attempt 2");
    Entry pause = retried(execution).orElseThrow();
    // Timers count in whole milliseconds.
    assertThat(ended.finishedAt())
        .isAfter(pause.at().plusMillis(((Event.StepRetried) pause.event()).delayMs() - 50));
  }

  private Optional<Entry> retried(Execution execution) {
    return test.engine().executions().entries(execution.id(), 0, 100).stream()
        .filter(entry -> entry.event() instanceof Event.StepRetried)
        .findFirst();
  }

  @Test
  void asksAPersonHowToSettleAnInterruptedEffectThatMayHaveHappened() throws InterruptedException {
    for (String choice : List.of("run again", "take as done", "fail")) {
      AtomicInteger sent = new AtomicInteger();
      AtomicBoolean hang = new AtomicBoolean(true);
      CountDownLatch hanging = new CountDownLatch(1);
      test.define(
          "mail" + choice.charAt(0),
          () ->
              Flows.of("send")
                  .step(
                      "send",
                      context -> {
                        context.once(
                            Effect.asking("mail", "sending a mail"),
                            () -> {
                              sent.incrementAndGet();
                              if (hang.get()) {
                                hanging.countDown();
                                TimeUnit.SECONDS.sleep(60);
                              }
                              return Json.text("sent");
                            });
                        return StepOutcome.done("ok");
                      })
                  .build());
      Execution execution = test.start("mail" + choice.charAt(0));
      assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
      hang.set(false);
      test.restart();
      Approval approval = test.awaitApproval(execution.id(), "send");
      assertThat(approval.kind()).isEqualTo("recovery");
      assertThat(approval.prompt()).contains("sending a mail");
      test.engine().approvals().decide(approval.id(), choice, "me", "test", null);
      Execution ended = test.awaitEnd(execution.id());
      assertThat(sent.get()).as(choice).isEqualTo(choice.equals("run again") ? 2 : 1);
      assertThat(ended.status())
          .as(choice)
          .isEqualTo(choice.equals("fail") ? ExecutionStatus.FAILED : ExecutionStatus.SUCCEEDED);
    }
  }
}
