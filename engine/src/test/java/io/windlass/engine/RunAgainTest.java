package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.Retry;
import io.windlass.definition.Trigger;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Rerun;
import io.windlass.execution.StepView;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.Effect;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps that have a step before them run again. */
final class RunAgainTest extends EngineCase {
  private final Map<String, Integer> happened = new ConcurrentHashMap<>();

  @Test
  void replacesWhatTheOtherStepGave_andRunsNothingElseAgain() throws InterruptedException {
    AtomicInteger between = new AtomicInteger();
    test.define(
        "judged",
        () ->
            Flows.of("end")
                .step("draft", this::draft)
                .step(
                    "between",
                    context -> StepOutcome.done("b" + between.incrementAndGet()),
                    "draft")
                .step("judge", context -> judge(context, "draft", 2), "between")
                .step(
                    "end",
                    context ->
                        StepOutcome.done(
                            context.state().text("draft") + " " + context.state().text("between")),
                    "judge")
                .build());
    Execution ended = test.run("judged");
    assertThat(Json.show(ended.result())).isEqualTo("gathered, after no 2 b1");
    assertThat(happened).isEqualTo(Map.of("pre:gather", 1, "write", 3));
    assertThat(visits(ended.id()))
        .isEqualTo(Map.of("draft", 3, "between", 1, "judge", 1, "end", 1));
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);

    Execution again =
        test.engine().executions().rerun(ended.id(), new Rerun("end", false, "test", "me"));
    assertThat(Json.show(test.awaitEnd(again.id()).result())).isEqualTo("gathered, after no 2 b1");
    Execution judged =
        test.engine().executions().rerun(ended.id(), new Rerun("judge", false, "test", "me"));
    assertThat(Json.show(test.awaitEnd(judged.id()).result())).isEqualTo("gathered, after no 2 b1");
    assertThat(between).hasValue(1);
  }

  @Test
  void goesOnAfterAResume_whenTheOtherStepFailedInItsSecondRun() throws InterruptedException {
    AtomicBoolean broken = new AtomicBoolean(true);
    test.define(
        "breaks",
        () ->
            Flows.of("draft")
                .step(
                    "draft",
                    context ->
                        context.state().has("note") && broken.get()
                            ? new StepOutcome.Failed("broken", false)
                            : draft(context))
                .step("judge", context -> judge(context, "draft", 1), "draft")
                .build());
    Execution failed = test.run("breaks");
    assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(failed.error()).isEqualTo("broken");
    broken.set(false);
    test.engine().executions().resume(failed.id(), "me");
    Execution ended = test.awaitEnd(failed.id());
    assertThat(Json.show(ended.result())).isEqualTo("gathered, after no 1");
    assertThat(happened).isEqualTo(Map.of("pre:gather", 1, "write", 2));
  }

  @Test
  void takesTwoWhoAskForTheSameStepInTurn() throws InterruptedException {
    test.define(
        "two",
        () ->
            Flows.of("draft")
                .step("draft", this::draft)
                .step("one", context -> judge(context, "draft", 1), "draft")
                .step("two", context -> judge(context, "draft", 1), "draft")
                .build());
    Execution ended = test.run("two");
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(visits(ended.id())).isEqualTo(Map.of("draft", 3, "one", 1, "two", 1));
  }

  @Test
  void saysWhichStepCannotRunAgain() throws InterruptedException {
    for (String target : List.of("nobody", "judge", "skipped")) {
      test.define(
          "no-" + target,
          () ->
              Flows.of("judge")
                  .guarded("skipped", state -> new Guard.Skip("no need"), says("never"))
                  .step("judge", context -> judge(context, target, 1), "skipped")
                  .build());
      Execution ended = test.run("no-" + target);
      assertThat(ended.error()).contains("\"judge\"").contains("\"" + target + "\"");
    }
  }

  @Test
  void skipsEachStepOfAnUnchosenBranchOnce() throws InterruptedException {
    test.define(
        "routed",
        () ->
            Flows.of("end")
                .step(
                    "route",
                    context ->
                        new StepOutcome.Done(Json.text("left"), Map.of(), Set.of("r1", "r2", "r4")))
                .step("left", says("l"), "route")
                .step("r1", says("never"), "route")
                .step("r2", says("never"), "r1")
                .step("r3", says("never"), "r2")
                .step("r4", says("never"), "route", "left")
                .add(
                    new Node(
                        "end",
                        "end",
                        "code",
                        says("end"),
                        List.of(Trigger.after(Set.of("left", "r3"))),
                        "end",
                        Guard.NONE,
                        Retry.NEVER,
                        null,
                        null))
                .build());
    Execution ended = test.run("routed");
    assertThat(Json.show(ended.result())).isEqualTo("end");
    List<String> skipped =
        test.engine().executions().entries(ended.id(), 0, 100).stream()
            .filter(entry -> entry.event() instanceof Event.StepSkipped)
            .map(entry -> ((Event.StepSkipped) entry.event()).step())
            .toList();
    assertThat(skipped).containsExactlyInAnyOrder("r1", "r2", "r3", "r4");
  }

  private StepOutcome draft(StepContext context) throws Exception {
    effect(context, "pre:gather");
    effect(context, "write");
    return StepOutcome.done("gathered, after " + context.state().text("note"));
  }

  /** Is content after so many further drafts. */
  private static StepOutcome judge(StepContext context, String target, int more) {
    for (int i = 1; i <= more; i++) {
      if (!context.ranAgain("again" + i)) {
        return new StepOutcome.RunAgain(
            "again" + i, target, Map.of("note", Json.text("no " + i)), "pre:");
      }
    }
    return StepOutcome.done("well");
  }

  private void effect(StepContext context, String key) throws Exception {
    context.once(
        Effect.repeatable(key, key),
        () -> {
          happened.merge(key, 1, Integer::sum);
          return Json.text(key);
        });
  }

  private Map<String, Integer> visits(ExecutionId id) {
    return test.engine().executions().detail(id).steps().stream()
        .collect(java.util.stream.Collectors.toMap(StepView::id, StepView::visits));
  }
}
