package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.LocalExecutions;
import io.windlass.execution.StartRequest;
import io.windlass.journal.JournalObserver;
import io.windlass.kernel.Json;
import io.windlass.step.Question;
import io.windlass.step.StepOutcome;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes every move of the state table, and finds that no other is ever taken. */
final class StateTableTest {
  private record Move(ExecutionStatus from, ExecutionStatus to) {}

  @TempDir Path home;
  private final Set<Move> taken = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean broken = new AtomicBoolean(true);

  @Test
  void takesEveryMoveOfTheTable_andNoOther() throws InterruptedException {
    var observers =
        new EngineObservers(
            JournalObserver.NONE,
            (_, from, to) -> {
              if (from != to) {
                taken.add(new Move(from, to));
              }
            });
    try (TestEngine test = new TestEngine(home, null, observers)) {
      define(test);
      succeedFailAndResume(test);
      waitAndDecide(test);
      cancelEverywhere(test);
      queueBehindAnother(test);
      TestEngine.await(() -> test.engine().executions().running(Set.of()) == 0);
    }
    Set<Move> table = new HashSet<>();
    for (ExecutionStatus from : ExecutionStatus.values()) {
      from.moves().forEach(to -> table.add(new Move(from, to)));
    }
    assertThat(taken).isEqualTo(table);
  }

  private void define(TestEngine test) {
    test.define(
        "breaks",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context ->
                        broken.get()
                            ? new StepOutcome.Failed("broken", false)
                            : StepOutcome.done("mended"))
                .build());
    test.define(
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
    test.define(
        "gated",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context ->
                        context
                            .answer("q")
                            .<StepOutcome>map(answer -> StepOutcome.done("yes"))
                            .orElseGet(() ->
                                new StepOutcome.Ask(
                                    "q",
                                    new Question("gate", "?", List.of("approve"), null, null))))
                .build());
  }

  private void succeedFailAndResume(TestEngine test) throws InterruptedException {
    Execution failed = test.run("breaks");
    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    assertThat(test.awaitEnd(failed.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  private static void waitAndDecide(TestEngine test) throws InterruptedException {
    Execution gated = test.start("gated");
    Approval approval = test.awaitApproval(gated.id(), "a");
    test.engine().approvals().decide(approval.id(), "approve", "me", "test", null);
    assertThat(test.awaitEnd(gated.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  private static void cancelEverywhere(TestEngine test) throws InterruptedException {
    Execution running = test.start("long");
    test.engine().executions().cancel(running.id(), "me");
    test.engine().executions().resume(running.id(), "me");
    test.engine().executions().cancel(running.id(), "me");
    Execution waiting = test.start("gated");
    test.awaitApproval(waiting.id(), "a");
    test.engine().executions().cancel(waiting.id(), "me");
    assertThat(test.awaitEnd(waiting.id()).status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  private static void queueBehindAnother(TestEngine test) throws InterruptedException {
    Execution first = test.start("gated");
    Approval approval = test.awaitApproval(first.id(), "a");
    LocalExecutions executions = (LocalExecutions) test.engine().executions();
    StartRequest request =
        new StartRequest("code", "breaks", Json.object(), "schedule", "me", "", null, null);
    Execution second = executions.startAfter(request, first.id());
    Execution third = executions.startAfter(request, first.id());
    assertThat(executions.get(second.id()).status()).isEqualTo(ExecutionStatus.QUEUED);
    executions.cancel(third.id(), "me");
    test.engine().approvals().decide(approval.id(), "approve", "me", "test", null);
    assertThat(test.awaitEnd(second.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(executions.get(third.id()).status()).isEqualTo(ExecutionStatus.CANCELLED);
  }
}
