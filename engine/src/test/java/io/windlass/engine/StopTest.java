package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.Tail;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Effect;
import io.windlass.step.StepOutcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class StopTest extends EngineCase {
  @Test
  void stopsTheRestWhenAStepFails_andResumesWithoutRepeatingWhatWasDone()
      throws InterruptedException {
    AtomicInteger first = new AtomicInteger();
    AtomicBoolean broken = new AtomicBoolean(true);
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch besideRuns = new CountDownLatch(1);
    test.define(
        "breaks",
        () ->
            Flows.of("last")
                .step("first", context -> StepOutcome.done("" + first.incrementAndGet()))
                .step(
                    "beside",
                    context -> {
                      besideRuns.countDown();
                      if (broken.get()) {
                        try {
                          TimeUnit.SECONDS.sleep(30);
                        } catch (InterruptedException e) {
                          interrupted.set(true);
                          throw e;
                        }
                      }
                      return StepOutcome.done("beside");
                    })
                .step(
                    "breaking",
                    context -> {
                      besideRuns.await();
                      return broken.get()
                          ? new StepOutcome.Failed("no luck", true)
                          : StepOutcome.done("luck");
                    },
                    "first")
                .step("last", says("end"), "breaking", "beside")
                .build());
    Execution failed = test.run("breaks");
    assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(failed.error()).isEqualTo("no luck");
    assertThat(interrupted).isTrue();
    assertThat(statuses(failed.id()))
        .containsEntry("first", StepStatus.DONE)
        .containsEntry("breaking", StepStatus.FAILED)
        .containsEntry("beside", StepStatus.CANCELLED)
        .containsEntry("last", StepStatus.SKIPPED);

    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    Execution resumed = test.awaitEnd(failed.id());
    assertThat(resumed.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(resumed.error()).isNull();
    assertThat(first).hasValue(1);
    assertThatThrownBy(() -> test.engine().executions().resume(failed.id(), "me"))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_STATE));
  }

  @Test
  void resumesAsSoonAsTheFailureCanBeSeen() throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean();
    test.define(
        "breaks",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context ->
                        broken.get()
                            ? new StepOutcome.Failed("no luck", false)
                            : StepOutcome.done("luck"))
                .build());
    for (int i = 0; i < 30; i++) {
      broken.set(true);
      Execution execution = test.start("breaks");
      try (Tail tail = test.engine().executions().tail(execution.id(), 0)) {
        awaitFailure(tail);
      }
      broken.set(false);
      test.engine().executions().resume(execution.id(), "me");
      assertThat(test.awaitEnd(execution.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    }
  }

  private static void awaitFailure(Tail tail) throws InterruptedException {
    boolean failed = false;
    while (!failed) {
      failed =
          tail.next(TestEngine.PATIENCE).orElseThrow() instanceof Tail.Recorded(Entry entry)
              && entry.event() instanceof Event.ExecutionFailed;
    }
  }

  @Test
  void cancelsRunningSteps_once() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    test.define(
        "long",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      try (AutoCloseable hook = context.onCancel(stopped::countDown)) {
                        running.countDown();
                        TimeUnit.SECONDS.sleep(60);
                      }
                      return StepOutcome.done("never");
                    })
                .step("b", says("never"), "a")
                .build());
    Execution execution = test.start("long");
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    AtomicInteger won = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      clients.add(
          Thread.startVirtualThread(() -> {
            try {
              test.engine().executions().cancel(execution.id(), "user");
              won.incrementAndGet();
            } catch (WindlassException e) {
              lost.incrementAndGet();
            }
          }));
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(won.get()).isGreaterThanOrEqualTo(1);
    assertThat(won.get() + lost.get()).isEqualTo(2);
    assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
    Execution ended = test.awaitEnd(execution.id());
    assertThat(ended.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(ended.error()).isEqualTo("Cancelled by user");
    List<Entry> entries = test.engine().executions().entries(execution.id(), 0, 1000);
    assertThat(entries.getLast().event()).isInstanceOf(Event.ExecutionCancelled.class);
  }

  @Test
  void takesNothingForAResult_thatAStepSaysAfterItWasStopped() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    test.define(
        "killed",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context ->
                        StepOutcome.done(
                            context.once(
                                Effect.repeatable("e", "runs a program"),
                                () -> {
                                  if (runs.incrementAndGet() > 1) {
                                    return Json.text("whole");
                                  }
                                  try (AutoCloseable _ = context.onCancel(killed::countDown)) {
                                    begun.countDown();
                                    awaitWhatever(killed);
                                  }
                                  return Json.text("exit code 137");
                                })))
                .build());
    Execution execution = test.start("killed");
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    test.engine().executions().cancel(execution.id(), "user");
    List<Entry> entries = test.engine().executions().entries(execution.id(), 0, 100);
    assertThat(entries.getLast().event()).isInstanceOf(Event.ExecutionCancelled.class);
    test.engine().executions().resume(execution.id(), "user");
    assertThat(Json.show(test.awaitEnd(execution.id()).result())).isEqualTo("whole");
  }

  @Test
  void endsWhatAStepLeftRunning_whenItsRunIsOver() throws InterruptedException {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch begun = new CountDownLatch(1);
    test.define(
        "leaving",
        () ->
            Flows.of("b")
                .step(
                    "a",
                    context -> {
                      context.atEnd(() -> seen.add("a ended"));
                      seen.add("a runs");
                      return StepOutcome.done("1");
                    })
                .step(
                    "b",
                    context -> {
                      CountDownLatch stopped = new CountDownLatch(1);
                      context.atEnd(() -> {
                        seen.add("b stopped");
                        stopped.countDown();
                      });
                      begun.countDown();
                      awaitWhatever(stopped);
                      return StepOutcome.done("2");
                    },
                    "a")
                .build());
    Execution execution = test.start("leaving");
    begun.await();
    assertThat(seen).containsExactly("a runs", "a ended");
    test.engine().executions().cancel(execution.id(), "me");
    TestEngine.await(() -> seen.size() > 2);
    assertThat(seen).containsExactly("a runs", "a ended", "b stopped");
  }

  private static void awaitWhatever(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        done = latch.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        // As a program that ends by its own rules.
      }
    }
  }
}
