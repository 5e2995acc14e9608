package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.approval.Approval;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.Retry;
import io.windlass.definition.Trigger;
import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Rerun;
import io.windlass.execution.StartRequest;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.Tail;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.Effect;
import io.windlass.step.Question;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine promises, on every database. */
abstract class EngineContract {
  @TempDir Path home;
  private TestEngine test;

  /** The database's URL; null for SQLite. */
  abstract @Nullable String databaseUrl();

  @BeforeEach
  void open() {
    test = new TestEngine(home, databaseUrl());
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static Step says(String text) {
    return context -> StepOutcome.done(text);
  }

  private static final Step GATE =
      context ->
          context
              .answer("gate")
              .map(answer ->
                  answer.is(Question.APPROVE)
                      ? StepOutcome.done("approved")
                      : new StepOutcome.Failed("rejected by " + answer.by(), false))
              .orElseGet(() ->
                  new StepOutcome.Ask(
                      "gate",
                      new Question(
                          "gate",
                          "Go on?",
                          List.of(Question.APPROVE, Question.REJECT),
                          null,
                          null)));

  private Map<String, StepStatus> statuses(ExecutionId id) {
    return test.engine().executions().detail(id).steps().stream()
        .collect(Collectors.toMap(StepView::id, StepView::status));
  }

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
        .containsEntry("beside", StepStatus.SKIPPED)
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
  void answersTheSameExecutionToTheSameKey_andRefusesAnotherRequestUnderIt()
      throws InterruptedException {
    test.define("one", () -> Flows.of("a").step("a", says("1")).build());
    Execution first = test.start("one", Json.object().put("x", 1).put("y", 2), "key");
    Execution again = test.start("one", Json.object().put("y", 2).put("x", 1), "key");
    assertThat(again.id()).isEqualTo(first.id());
    assertThatThrownBy(() -> test.start("one", Json.object().put("x", 2), "key"))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.IDEMPOTENCY_MISMATCH));
    List<Execution> raced = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(
          Thread.startVirtualThread(() -> raced.add(test.start("one", Json.object(), "race"))));
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(raced.stream().map(Execution::id).distinct()).hasSize(1);
    assertThat(raced).hasSize(8);
  }

  @Test
  void admitsNoMoreThanAGroupMay() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    test.define(
        "slow",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      goOn.await();
                      return StepOutcome.done("x");
                    })
                .build());
    StartRequest request =
        new StartRequest(
            "code", "slow", Json.object(), "test", "me", "", null, new AdmissionLimit("group", 2));
    Execution first = test.engine().executions().start(request);
    Execution second = test.engine().executions().start(request);
    assertThatThrownBy(() -> test.engine().executions().start(request))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_EXECUTIONS));
    goOn.countDown();
    test.awaitEnd(first.id());
    test.awaitEnd(second.id());
    TestEngine.await(() -> test.engine().executions().running(Set.of()) == 0);
    test.awaitEnd(test.engine().executions().start(request).id());
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

  @Test
  void runsAgainFromAChosenStepAsANewExecution() throws InterruptedException {
    AtomicInteger first = new AtomicInteger();
    AtomicInteger second = new AtomicInteger();
    test.define(
        "twice",
        () ->
            Flows.of("b")
                .step("a", context -> StepOutcome.done("a" + first.incrementAndGet()))
                .step(
                    "b",
                    context ->
                        StepOutcome.done(context.state().text("a") + second.incrementAndGet()),
                    "a")
                .build());
    Execution old = test.run("twice");
    Execution again =
        test.engine().executions().rerun(old.id(), new Rerun("b", false, "me", "test"));
    assertThat(again.rerunOf()).isEqualTo(old.id());
    Execution ended = test.awaitEnd(again.id());
    assertThat(Json.show(ended.result())).isEqualTo("a12");
    assertThat(first).hasValue(1);
    assertThatThrownBy(
            () -> test.engine().executions().rerun(old.id(), new Rerun("z", false, "me", "test")))
        .hasMessageContaining("\"z\"");
  }

  @Test
  void tailsFromAnyNumber_thenLive_thenToTheEnd() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    test.define(
        "told",
        () ->
            Flows.of("b")
                .step("a", says("1"))
                .step(
                    "b",
                    context -> {
                      context.output("hel");
                      goOn.await();
                      context.output("lo");
                      return StepOutcome.done("hello");
                    },
                    "a")
                .build());
    Execution execution = test.start("told");
    List<Long> numbers = new ArrayList<>();
    StringBuilder live = new StringBuilder();
    try (Tail tail = test.engine().executions().tail(execution.id(), 0)) {
      boolean over = false;
      while (!over) {
        Tail.Seen seen = tail.next(TestEngine.PATIENCE).orElseThrow();
        switch (seen) {
          case Tail.Recorded(Entry entry) -> {
            numbers.add(entry.number());
            over = entry.event() instanceof Event.ExecutionSucceeded;
            if (entry.event() instanceof Event.StepStarted started && started.step().equals("b")) {
              goOn.countDown();
            }
          }
          case Tail.Live(Event.StepOutput output) -> live.append(output.text());
        }
      }
    }
    assertThat(numbers).first().isEqualTo(1L);
    for (int i = 1; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
    }
    // What a viewer has not seen live it gets with the step's end.
    assertThat("hello").contains(live);
    assertThat(
            test.engine().executions().detail(execution.id()).steps().stream()
                .map(step -> Json.show(step.output())))
        .containsExactly("1", "hello");
    try (Tail late = test.engine().executions().tail(execution.id(), numbers.size() - 1L)) {
      Tail.Seen seen = late.next(TestEngine.PATIENCE).orElseThrow();
      assertThat(((Tail.Recorded) seen).entry().event())
          .isInstanceOf(Event.ExecutionSucceeded.class);
      assertThat(late.next(Duration.ofMillis(50))).isEmpty();
    }
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

  @Test
  void listsNewestFirst_page_byPage() throws InterruptedException {
    test.define("one", () -> Flows.of("a").step("a", says("1")).build());
    List<ExecutionId> started = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      started.add(test.run("one").id());
    }
    List<ExecutionId> listed = new ArrayList<>();
    String cursor = null;
    do {
      var page = test.engine().executions().list(ExecutionFilter.ALL, cursor, 2);
      page.items().forEach(execution -> listed.add(execution.id()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(listed).isEqualTo(started.reversed());
    assertThat(test.engine().executions().recent(ExecutionFilter.ofKinds(Set.of("code")), 2, 1))
        .extracting(detail -> detail.execution().id())
        .isEqualTo(started.reversed().subList(1, 3));
    assertThat(test.engine().executions().recent(ExecutionFilter.ALL, 1, 0).getFirst().steps())
        .extracting(StepView::status)
        .containsExactly(StepStatus.DONE);
  }
}
