package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.definition.Guard;
import io.windlass.definition.Retry;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Rehearsal;
import io.windlass.execution.Rehearsed;
import io.windlass.execution.StepStatus;
import io.windlass.journal.Event;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.Question;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  private static final Step GATE =
      context ->
          context
              .answer("ok?")
              .<StepOutcome>map(answer -> StepOutcome.done(answer.choice() + " by " + answer.by()))
              .orElseGet(() ->
                  new StepOutcome.Ask(
                      "ok?", new Question("tool", "Go on?", List.of("allow", "deny"), null, null)));

  @TempDir Path home;
  private TestEngine test;

  @BeforeEach
  void open() {
    test = new TestEngine(home, null);
  }

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void runsTheRealFlow_andKeepsNothing() throws InterruptedException {
    test.define(
        "flow",
        () ->
            Flows.of("c")
                .step("a", says("1"))
                .guarded("b", _ -> new Guard.Skip("no need"), says("never"), "a")
                .step("c", context -> StepOutcome.done(context.state().text("a") + "2"), "a", "b")
                .step("gate", GATE, "a")
                .build());

    Rehearsed told = play("flow");

    assertThat(told.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(told.result()).isEqualTo(Json.text("12"));
    assertThat(told.steps())
        .extracting(step -> step.id() + " " + step.status())
        .containsExactly("a DONE", "b SKIPPED", "c DONE", "gate DONE");
    assertThat(told.steps().getLast().output()).isEqualTo(Json.text("allow by rehearsal"));
    assertThat(test.engine().executions().list(ExecutionFilter.ALL, null, 10).items()).isEmpty();
    assertThat(test.engine().approvals().countOpen()).isZero();
  }

  @Test
  void waitsForNobody_notForPausesAndNotForSleeps() throws InterruptedException {
    Retry daily = new Retry(3, Duration.ofDays(1), 1);
    test.define(
        "slow",
        () ->
            Flows.of("nap")
                .retried(
                    "flaky",
                    daily,
                    Duration.ofSeconds(30),
                    context ->
                        context.attempt() < 3
                            ? new StepOutcome.Failed("not yet", true)
                            : StepOutcome.done("at last"))
                .step(
                    "nap",
                    context ->
                        context.slept("night")
                            ? StepOutcome.done("awake")
                            : new StepOutcome.Sleep(
                                "night", context.clock().instant().plus(Duration.ofDays(7))),
                    "flaky")
                .build());

    long begun = System.nanoTime();
    Rehearsed told = play("slow");

    assertThat(told.result()).isEqualTo(Json.text("awake"));
    assertThat(told.steps().getFirst().attempts()).isEqualTo(3);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void rehearsesChildrenToo_alsoWhenTheyAsk() throws InterruptedException {
    test.define("child", () -> Flows.of("a").step("a", GATE).build());
    test.define("parent", () -> Flows.of("run").step("run", runs("child")).build());

    Rehearsed told = play("parent");

    assertThat(told.result()).isEqualTo(Json.text("allow by rehearsal"));
    assertThat(told.children().get("run"))
        .singleElement()
        .extracting(Rehearsed::name)
        .isEqualTo("child");
    assertThat(test.engine().executions().list(ExecutionFilter.ALL, null, 10).items()).isEmpty();
  }

  @Test
  void tellsWhyARunFails_andWhatWasNotReached() throws InterruptedException {
    test.define(
        "parent", () -> Flows.of("b").step("a", runs("nowhere")).step("b", says("x"), "a").build());

    Rehearsed told = play("parent");

    assertThat(told.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(told.error()).contains("There is no code \"nowhere\"");
    assertThat(told.steps().getFirst().status()).isEqualTo(StepStatus.FAILED);
    assertThat(told.entries())
        .noneMatch(entry ->
            entry.event() instanceof Event.StepStarted started && started.step().equals("b"));
    assertThatThrownBy(() -> play("missing")).isInstanceOf(WindlassException.class);
  }

  @Test
  void endsDefinitionsThatRunEachOther() throws InterruptedException {
    test.define(
        "again", () -> Flows.of("a").step("a", runs("again")).step("b", runs("again")).build());

    Rehearsed told = play("again");

    assertThat(told.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(told.error()).containsAnyOf("nested 32 deep", "ends at 200 executions");
  }

  @Test
  void stopsAtItsTimeLimit() throws InterruptedException {
    test.define(
        "endless",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    _ -> {
                      new CountDownLatch(1).await();
                      return StepOutcome.done("never");
                    })
                .build());
    Rehearsal rehearsal =
        new Rehearsal(
            test.engine().definitions(),
            InstantSource.system(),
            new Rehearsal.Limits(Duration.ofMillis(100), 10));

    Rehearsed told = rehearsal.play(List.of(test.kind), "code", "x", "endless", Json.object());

    assertThat(told.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(told.error()).contains("the dry run's limit");
  }

  private Rehearsed play(String name) throws InterruptedException {
    return test.engine().rehearsal().play(List.of(test.kind), "code", name, name, Json.object());
  }

  private static Step says(String text) {
    return _ -> StepOutcome.done(text);
  }

  private static Step runs(String child) {
    return context ->
        context
            .child("c")
            .<StepOutcome>map(ended ->
                ended.succeeded()
                    ? StepOutcome.done(ended.result())
                    : new StepOutcome.Failed(String.valueOf(ended.error()), false))
            .orElseGet(() ->
                new StepOutcome.RunChild("c", new ChildRequest("code", child, Json.object())));
  }
}
