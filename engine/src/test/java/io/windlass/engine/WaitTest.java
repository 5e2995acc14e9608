package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.approval.Approval;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.Question;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WaitTest extends EngineCase {
  @Test
  void waitsForAPersonWithoutHoldingAThread_andHearsTheFirstDecisionOnly()
      throws InterruptedException {
    test.define(
        "gated", () -> Flows.of("b").step("a", GATE).step("b", says("through"), "a").build());
    Execution execution = test.start("gated");
    Approval approval = test.awaitApproval(execution.id(), "a");
    TestEngine.await(() -> test.engine().executions().running(Set.of()) == 0);
    assertThat(approval.prompt()).isEqualTo("Go on?");
    assertThat(test.engine().approvals().list(true, null, null, 10).items())
        .extracting(Approval::id)
        .containsExactly(approval.id());

    test.restart();
    assertThatThrownBy(
            () -> test.engine().approvals().decide(approval.id(), "maybe", "me", "test", null))
        .hasMessageContaining("maybe")
        .hasMessageContaining("approve, reject");
    test.engine().approvals().decide(approval.id(), Question.APPROVE, "me", "test", "fine");
    assertThat(test.awaitEnd(execution.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThatThrownBy(() ->
            test.engine().approvals().decide(approval.id(), Question.REJECT, "other", "test", null))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_DECIDED);
              assertThat(e.text()).contains("approve").contains("me");
            });
    assertThat(test.engine().approvals().list(true, null, null, 10).items()).isEmpty();
  }

  @Test
  void asksAgainAfterARejectionWasResumed() throws InterruptedException {
    test.define("gated", () -> Flows.of("a").step("a", GATE).build());
    Execution execution = test.start("gated");
    Approval first = test.awaitApproval(execution.id(), "a");
    test.engine().approvals().decide(first.id(), Question.REJECT, "me", "test", null);
    Execution failed = test.awaitEnd(execution.id());
    assertThat(failed.error()).isEqualTo("rejected by me");
    test.engine().executions().resume(execution.id(), "me");
    Approval second = test.awaitApproval(execution.id(), "a");
    assertThat(second.id()).isNotEqualTo(first.id());
    test.engine().approvals().decide(second.id(), Question.APPROVE, "me", "test", null);
    assertThat(test.awaitEnd(execution.id()).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void cancelsWhatWaits_andClosesItsQuestions() throws InterruptedException {
    test.define("gated", () -> Flows.of("a").step("a", GATE).build());
    Execution execution = test.start("gated");
    Approval approval = test.awaitApproval(execution.id(), "a");
    test.engine().executions().cancel(execution.id(), "user");
    assertThat(test.awaitEnd(execution.id()).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(test.engine().approvals().find(approval.id()).orElseThrow().isOpen()).isFalse();
    assertThatThrownBy(() -> test.engine().executions().cancel(execution.id(), "user"))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_STATE));
  }

  @Test
  void letsTimeDecideAnOverdueQuestion() throws InterruptedException {
    test.define(
        "overdue",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context ->
                        context
                            .answer("gate")
                            .<StepOutcome>map(answer ->
                                StepOutcome.done(answer.choice() + " " + answer.expired()))
                            .orElseGet(() ->
                                new StepOutcome.Ask(
                                    "gate",
                                    new Question(
                                        "gate",
                                        "?",
                                        List.of("approve"),
                                        Duration.ofMillis(50),
                                        "approve"))))
                .build());
    assertThat(Json.show(test.run("overdue").result())).isEqualTo("approve true");
  }

  @Test
  void runsAnotherDefinitionAsAStep_andResumesItWhenItHadFailed() throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean(true);
    AtomicInteger before = new AtomicInteger();
    test.define(
        "inner",
        () ->
            Flows.of("y")
                .step(
                    "x",
                    context -> {
                      before.incrementAndGet();
                      return StepOutcome.done(context.state().text("word"));
                    })
                .step(
                    "y",
                    context ->
                        broken.get()
                            ? new StepOutcome.Failed("inner trouble", false)
                            : StepOutcome.done(context.state().text("x") + "!"),
                    "x")
                .build());
    test.define(
        "outer",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context ->
                        context
                            .child("c")
                            .map(child ->
                                child.succeeded()
                                    ? StepOutcome.done(child.result())
                                    : new StepOutcome.Failed(String.valueOf(child.error()), false))
                            .orElseGet(() ->
                                new StepOutcome.RunChild(
                                    "c",
                                    new ChildRequest(
                                        "code", "inner", Json.object().put("word", "hi")))))
                .build());
    Execution failed = test.run("outer");
    assertThat(failed.error()).isEqualTo("inner trouble");
    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    Execution resumed = test.awaitEnd(failed.id());
    assertThat(Json.show(resumed.result())).isEqualTo("hi!");
    assertThat(before).hasValue(1);
    assertThat(
            test.engine().executions().list(ExecutionFilter.ALL, null, 10).items().stream()
                .map(Execution::parent)
                .filter(parent -> parent != null))
        .containsExactly(failed.id());
  }
}
