package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.definition.Retry;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.Effect;
import io.windlass.step.EffectResult;
import io.windlass.step.OnRecovery;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What was consumed is told also of steps that never came to their end. */
final class UsageTest extends EngineCase {
  private static final Usage CALL = new Usage("m", 10, 5, new BigDecimal("1.5"));

  @Test
  void countsWhatACancelledStepHasConsumed_andOnceAfterAResume() throws InterruptedException {
    AtomicBoolean hang = new AtomicBoolean(true);
    CountDownLatch hanging = new CountDownLatch(1);
    test.define(
        "cut",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      call(context, "call");
                      if (hang.get()) {
                        hanging.countDown();
                        TimeUnit.SECONDS.sleep(60);
                      }
                      return StepOutcome.done("end");
                    })
                .build());
    Execution execution = test.start("cut");
    assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
    test.engine().executions().cancel(execution.id(), "me");
    Execution cancelled = test.awaitEnd(execution.id());
    assertThat(cancelled.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(cancelled.usage()).isEqualTo(CALL);
    assertThat(ofStep(execution.id())).isEqualTo(CALL);

    hang.set(false);
    test.engine().executions().resume(execution.id(), "me");
    assertThat(test.awaitEnd(execution.id()).usage()).isEqualTo(CALL);
  }

  @Test
  void countsWhatAWaitingStepHasConsumed_alsoWhenItIsCancelled() throws InterruptedException {
    test.define(
        "asks",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      call(context, "call");
                      return GATE.run(context);
                    })
                .build());
    Execution execution = test.start("asks");
    test.awaitApproval(execution.id(), "a");
    assertThat(test.engine().executions().get(execution.id()).usage()).isEqualTo(CALL);
    test.engine().executions().cancel(execution.id(), "me");
    assertThat(test.awaitEnd(execution.id()).usage()).isEqualTo(CALL);
  }

  @Test
  void countsWhatWasConsumedBeforeACrash_ofAStepThatFailsForIt() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    test.define(
        "crashes",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      call(context, "call");
                      context.once(
                          new Effect("send", "send", new OnRecovery.Fail()),
                          () -> {
                            hanging.countDown();
                            TimeUnit.SECONDS.sleep(60);
                            return Json.text("sent");
                          });
                      return StepOutcome.done("end");
                    })
                .build());
    Execution execution = test.start("crashes");
    assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
    test.restart();
    Execution failed = test.awaitEnd(execution.id());
    assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(failed.usage()).isEqualTo(CALL);
  }

  @Test
  void countsWhatIsKeptForTheNextAttemptOnce() throws InterruptedException {
    test.define(
        "keeps",
        () ->
            Flows.of("a")
                .retried(
                    "a",
                    new Retry(2, Duration.ZERO, 1),
                    null,
                    context -> {
                      call(context, "pre:0");
                      call(context, "ask");
                      return context.attempt() == 2
                          ? StepOutcome.done("end")
                          : new StepOutcome.Failed("unfit", true, "pre:");
                    })
                .build());
    assertThat(test.run("keeps").usage()).isEqualTo(new Usage("m", 30, 15, new BigDecimal("4.5")));
  }

  private Usage ofStep(ExecutionId id) {
    return test.engine().executions().detail(id).steps().getFirst().usage();
  }

  private static void call(StepContext context, String key) throws Exception {
    context.perform(Effect.repeatable(key, key), () -> new EffectResult(Json.text("answer"), CALL));
    context.use(CALL);
  }
}
