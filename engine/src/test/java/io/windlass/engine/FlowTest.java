package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.Retry;
import io.windlass.definition.Trigger;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import io.windlass.kernel.Json;
import io.windlass.step.Question;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FlowTest extends EngineCase {
  @Test
  void givesEachStepTheOutputsOfThoseBefore() throws InterruptedException {
    test.define(
        "sum",
        () ->
            Flows.of("c")
                .step("a", says("1"))
                .step("b", context -> StepOutcome.done(context.state().text("a") + "2"), "a")
                .step("c", context -> StepOutcome.done(context.state().text("b") + "3"), "b")
                .build());
    Execution ended = test.run("sum");
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(Json.show(ended.result())).isEqualTo("123");
    assertThat(ended.publicId()).matches("[0-9a-f]{16}");
    assertThat(test.engine().executions().find(ended.publicId())).contains(ended);
  }

  @Test
  void beginsAStepAsSoonAsItsOwnParentsAreDone() throws InterruptedException {
    CountDownLatch deep = new CountDownLatch(1);
    test.define(
        "two-lanes",
        () ->
            Flows.of("slow")
                .step(
                    "slow",
                    context -> {
                      assertThat(deep.await(15, TimeUnit.SECONDS)).isTrue();
                      return StepOutcome.done("slow");
                    })
                .step("quick", says("quick"))
                .step(
                    "after-quick",
                    context -> {
                      deep.countDown();
                      return StepOutcome.done("x");
                    },
                    "quick")
                .build());
    assertThat(test.run("two-lanes").status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void skipsAndEndsEarlyAsGuardsSay() throws InterruptedException {
    test.define(
        "guarded",
        () ->
            Flows.of("b")
                .guarded("a", state -> new Guard.Skip("no need"), says("never"))
                .step("b", context -> StepOutcome.done("[" + context.state().text("a") + "]"), "a")
                .guarded("c", state -> new Guard.End("enough"), says("never"), "b")
                .step("d", says("never"), "c")
                .build());
    Execution ended = test.run("guarded");
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(Json.show(ended.result())).isEqualTo("[]");
    assertThat(statuses(ended.id()))
        .isEqualTo(
            Map.of(
                "a",
                StepStatus.SKIPPED,
                "b",
                StepStatus.DONE,
                "c",
                StepStatus.SKIPPED,
                "d",
                StepStatus.SKIPPED));
  }

  @Test
  void finishesTheWaveOfAStepThatEndsTheRun_andNothingBehindIt() throws InterruptedException {
    test.define(
        "exit-among-others",
        () ->
            Flows.of("second")
                .guarded("exit", state -> new Guard.End("enough"), says("never"), "root")
                .step("root", says("r"))
                .step("sibling", says("s"), "root")
                .step("slow-root", says("slow"))
                .step("cousin", says("c"), "slow-root")
                .step("behind", says("never"), "exit")
                .step("second", says("never"), "sibling")
                .build());
    Execution ended = test.run("exit-among-others");
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(Json.show(ended.result())).isEmpty();
    assertThat(statuses(ended.id()))
        .containsEntry("sibling", StepStatus.DONE)
        .containsEntry("cousin", StepStatus.DONE)
        .containsEntry("behind", StepStatus.SKIPPED)
        .containsEntry("second", StepStatus.SKIPPED);
  }

  @Test
  void waitsForAGateInTheWaveOfAStepThatEndsTheRun() throws InterruptedException {
    test.define(
        "exit-beside-gate",
        () ->
            Flows.of("gate")
                .guarded("exit", state -> new Guard.End("enough"), says("never"))
                .step("gate", GATE)
                .step("behind", says("never"), "gate")
                .build());
    Execution waiting = test.start("exit-beside-gate");
    Approval approval = test.awaitApproval(waiting.id(), "gate");
    test.engine().approvals().decide(approval.id(), Question.APPROVE, "me", "test", null);
    Execution ended = test.awaitEnd(waiting.id());
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(statuses(ended.id()))
        .containsEntry("gate", StepStatus.DONE)
        .containsEntry("behind", StepStatus.SKIPPED);
  }

  @Test
  void cutsBranchesThatWereNotChosen_andWhatStandsOnThemAlone() throws InterruptedException {
    test.define(
        "routed",
        () ->
            Flows.of("end")
                .step(
                    "route",
                    context -> new StepOutcome.Done(Json.text("left"), Map.of(), Set.of("right")))
                .step("left", says("l"), "route")
                .step("right", says("r"), "route")
                .step("after-right", says("r2"), "right")
                .step(
                    "end",
                    context ->
                        StepOutcome.done(
                            context.state().text("left") + context.state().text("after-right")),
                    "left",
                    "after-right")
                .build());
    Execution ended = test.run("routed");
    assertThat(Json.show(ended.result())).isEqualTo("l");
    assertThat(statuses(ended.id()))
        .containsEntry("right", StepStatus.SKIPPED)
        .containsEntry("after-right", StepStatus.SKIPPED)
        .containsEntry("end", StepStatus.DONE);
  }

  @Test
  void runsACycleUntilItsConditionFails_andStopsOneThatNeverDoes() throws InterruptedException {
    Step count =
        context ->
            StepOutcome.done(
                Json.MAPPER.valueToTree(
                    context.state().find("n").map(n -> n.asInt() + 1).orElse(1)));
    for (int bound : new int[] {5, Integer.MAX_VALUE}) {
      test.define(
          "loop" + bound,
          () ->
              Flows.of("n")
                  .step("start", says("go"))
                  .add(
                      new Node(
                          "n",
                          "n",
                          "code",
                          count,
                          List.of(
                              Trigger.after(Set.of("start")),
                              new Trigger(
                                  Set.of("n"),
                                  state -> state.find("n").orElseThrow().asInt() < bound)),
                          "n",
                          Guard.NONE,
                          Retry.NEVER,
                          null,
                          null))
                  .build());
    }
    assertThat(Json.show(test.run("loop5").result())).isEqualTo("5");
    Execution endless = test.run("loop" + Integer.MAX_VALUE);
    assertThat(endless.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(endless.error()).contains("1000").contains("\"n\"");
  }
}
