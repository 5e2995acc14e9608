package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.definition.Retry;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StartRequest;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import io.windlass.step.Effect;
import io.windlass.step.Question;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.store.FusedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stops the engine between any two writes and starts it again: what was accepted ends well, and no
 * effect whose result was durable happens again.
 */
abstract class CrashContract {
  private static final int MOST_COMMITS = 60;
  @TempDir Path homes;

  /** How often each effect happened, whichever incarnation of the engine did it. */
  private final Map<String, Integer> happened = new ConcurrentHashMap<>();

  abstract @Nullable String newDatabaseUrl();

  @Test
  void finishesWhatItAccepted_whereverItIsStopped() throws InterruptedException {
    int ran = 0;
    for (int commit = 1; commit <= MOST_COMMITS; commit++) {
      boolean reached = false;
      for (boolean before : new boolean[] {true, false}) {
        reached |= crashAt(commit, before);
        ran++;
      }
      if (!reached) {
        assertThat(commit).as("commits that a run takes").isGreaterThan(8);
        return;
      }
    }
    throw new AssertionError("the run takes more commits than were tried: " + ran);
  }

  /** Whether the run got as far as that commit. */
  private boolean crashAt(int commit, boolean before) throws InterruptedException {
    happened.clear();
    Path home = homes.resolve(commit + (before ? "-before" : "-after"));
    String url = newDatabaseUrl();
    FusedDatabase fuse = new FusedDatabase(commit, before);
    Engine first = open(home, url, fuse);
    first.definitions().save("code", "child", "child");
    first.definitions().save("code", "crashing", "crashing");
    first.start();
    fuse.arm();
    ExecutionId accepted = null;
    try {
      Execution execution =
          first
              .executions()
              .start(
                  new StartRequest("code", "crashing", Json.object(), "test", "me", "", "k", null));
      accepted = execution.id();
      drive(first, accepted, fuse);
    } catch (RuntimeException e) {
      assertThat(fuse.isBlown()).as("trouble without a crash: " + e).isTrue();
    }
    boolean reached = fuse.isBlown();
    first.crash();
    fuse.release();
    Map<String, Integer> atCrash = new HashMap<>(happened);
    finish(home, url, accepted, atCrash, "commit " + commit + (before ? " lost" : " kept"));
    return reached;
  }

  @Test
  void cancelsWhatACancelledRunHadStarted_whereverItIsStopped() throws InterruptedException {
    for (int commit = 1; commit <= 6; commit++) {
      Path home = homes.resolve("family" + commit);
      String url = newDatabaseUrl();
      FusedDatabase fuse = new FusedDatabase(commit, false);
      Engine first = open(home, url, fuse);
      first.definitions().save("code", "gated", "gated");
      first.definitions().save("code", "family", "family");
      first.start();
      ExecutionId parent =
          first
              .executions()
              .start(new StartRequest("code", "family", Json.object(), "test", "me", "", "k", null))
              .id();
      TestEngine.await(() -> openGates(first) == 1);
      fuse.arm();
      // On a thread of its own: without a database it would wait for one.
      Thread cancelling = Thread.startVirtualThread(() -> cancelUnlessBlown(first, parent, fuse));
      TestEngine.await(() -> fuse.isBlown() || !cancelling.isAlive());
      first.crash();
      fuse.release();
      Engine second = open(home, url, FusedDatabase.whole());
      try {
        second.start();
        if (second.executions().get(parent).status() != ExecutionStatus.CANCELLED) {
          second.executions().cancel(parent, "somebody");
        }
        TestEngine.await(() -> openGates(second) == 0);
        assertThat(second.executions().list(ExecutionFilter.ALL, null, 10).items())
            .as("stopped after commit " + commit)
            .extracting(Execution::status)
            .containsOnly(ExecutionStatus.CANCELLED);
      } finally {
        second.close();
      }
    }
  }

  @Test
  void stopsAFamilyDownToWhoWaits_whereverItIsStopped() throws InterruptedException {
    for (int commit = 1; commit <= MOST_COMMITS; commit++) {
      String when = "stopped after commit " + commit;
      Path home = homes.resolve("stopped" + commit);
      String url = newDatabaseUrl();
      FusedDatabase fuse = new FusedDatabase(commit, false);
      Engine first = open(home, url, fuse);
      List.of("gated", "family", "clan")
          .forEach(name -> first.definitions().save("code", name, name));
      first.start();
      ExecutionId eldest =
          first
              .executions()
              .start(new StartRequest("code", "clan", Json.object(), "test", "me", "", "k", null))
              .id();
      TestEngine.await(() -> openGates(first) == 2);
      fuse.arm();
      Thread stopping = Thread.startVirtualThread(() -> stopUnlessBlown(first, eldest, fuse));
      TestEngine.await(() -> fuse.isBlown() || isEnded(first, eldest));
      boolean reached = fuse.isBlown();
      first.crash();
      fuse.release();
      stopping.join();
      Engine second = open(home, url, FusedDatabase.whole());
      try {
        second.start();
        boolean heard =
            second.executions().entries(eldest, 0, 1000).stream()
                .anyMatch(entry -> entry.event() instanceof Event.ExecutionStopping);
        if (!heard) {
          second.executions().stop(eldest, "somebody");
        }
        TestEngine.await(() -> isEnded(second, eldest));
        assertThat(second.executions().list(ExecutionFilter.ALL, null, 10).items())
            .as(when)
            .hasSize(4)
            .extracting(Execution::status)
            .containsOnly(ExecutionStatus.CANCELLED);
        assertThat(openGates(second)).as(when).isZero();
        second.executions().resume(eldest, "somebody");
        drive(second, eldest, FusedDatabase.whole());
        assertThat(second.executions().get(eldest).status())
            .as(when)
            .isEqualTo(ExecutionStatus.SUCCEEDED);
      } finally {
        second.close();
      }
      if (!reached) {
        assertThat(commit).as("commits that a stop takes").isGreaterThan(4);
        return;
      }
    }
    throw new AssertionError("the stop takes more commits than were tried");
  }

  @Test
  void endsWhatARetryGaveUp_whereverItIsStopped() throws InterruptedException {
    for (int commit = 1; commit <= MOST_COMMITS; commit++) {
      Path home = homes.resolve("patient" + commit);
      String url = newDatabaseUrl();
      FusedDatabase fuse = new FusedDatabase(commit, false);
      Engine first = open(home, url, fuse);
      List.of("gated", "patient").forEach(name -> first.definitions().save("code", name, name));
      first.start();
      ExecutionId parent =
          first
              .executions()
              .start(
                  new StartRequest("code", "patient", Json.object(), "test", "me", "", "k", null))
              .id();
      fuse.arm();
      TestEngine.await(() -> fuse.isBlown() || gaveUpOne(first));
      boolean reached = fuse.isBlown();
      first.crash();
      fuse.release();
      Engine second = open(home, url, FusedDatabase.whole());
      try {
        second.start();
        TestEngine.await(() -> gaveUpOne(second));
        assertThat(isEnded(second, parent)).isFalse();
        drive(second, parent, FusedDatabase.whole());
        assertThat(second.executions().get(parent).status())
            .as("stopped after commit " + commit)
            .isEqualTo(ExecutionStatus.SUCCEEDED);
      } finally {
        second.close();
      }
      if (!reached) {
        assertThat(commit).as("commits that a retry takes").isGreaterThan(4);
        return;
      }
    }
    throw new AssertionError("the retry takes more commits than were tried");
  }

  /** Whether the first attempt's child is cancelled, and that of the second asks. */
  private static boolean gaveUpOne(Engine engine) {
    try {
      return openGates(engine) == 1
          && engine.executions().list(ExecutionFilter.ALL, null, 10).items().stream()
                  .filter(one -> one.status() == ExecutionStatus.CANCELLED)
                  .count()
              == 1;
    } catch (WindlassException e) {
      return false;
    }
  }

  private static StepOutcome patient(StepContext context) {
    String key = "c" + context.attempt();
    Optional<ChildResult> child = context.child(key);
    if (child.isPresent()) {
      return StepOutcome.done(child.get().result());
    }
    return context.slept(StepOutcome.RunChild.timeUp(key))
        ? new StepOutcome.Failed("too slow", true)
        : new StepOutcome.RunChild(
            key,
            new ChildRequest("code", "gated", Json.object()),
            context.attempt() == 1 ? Duration.ofMillis(50) : null);
  }

  /** False, too, while there is no database to ask. */
  private static boolean isEnded(Engine engine, ExecutionId id) {
    try {
      return engine.executions().get(id).status().isFinal();
    } catch (WindlassException e) {
      return false;
    }
  }

  private static void stopUnlessBlown(Engine engine, ExecutionId id, FusedDatabase fuse) {
    try {
      engine.executions().stop(id, "somebody");
    } catch (WindlassException e) {
      assertThat(fuse.isBlown()).as("trouble without a crash: " + e).isTrue();
    }
  }

  private static void cancelUnlessBlown(Engine engine, ExecutionId id, FusedDatabase fuse) {
    try {
      engine.executions().cancel(id, "somebody");
    } catch (WindlassException e) {
      assertThat(fuse.isBlown()).as("trouble without a crash: " + e).isTrue();
    }
  }

  private static int openGates(Engine engine) {
    return engine.approvals().list(true, null, null, 10).items().size();
  }

  /** Approves when asked, until the run has ended or the power is gone. */
  private static void drive(Engine engine, ExecutionId id, FusedDatabase fuse)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!fuse.isBlown() && System.nanoTime() < deadline) {
      Execution now = engine.executions().get(id);
      if (now.status().isFinal()) {
        return;
      }
      for (Approval approval : engine.approvals().list(true, null, null, 10).items()) {
        engine.approvals().decide(approval.id(), Question.APPROVE, "me", "test", null);
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private void finish(
      Path home,
      @Nullable String url,
      @Nullable ExecutionId accepted,
      Map<String, Integer> atCrash,
      String when)
      throws InterruptedException {
    FusedDatabase whole = FusedDatabase.whole();
    Engine second = open(home, url, whole);
    try {
      Set<String> durable = durableEffects(second);
      second.start();
      List<Execution> found = second.executions().list(ExecutionFilter.ALL, null, 10).items();
      if (accepted != null) {
        assertThat(found).as(when).extracting(Execution::id).contains(accepted);
        drive(second, accepted, whole);
        Execution ended = second.executions().get(accepted);
        assertThat(ended.status()).as(when).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(Json.show(ended.result())).as(when).isEqualTo("ab approved child better");
        assertThat(happened.keySet()).as(when).contains("a", "b", "child");
        // Its rule is to be taken as happened when it was interrupted.
        assertThat(happened.getOrDefault("end", 0)).as(when).isLessThanOrEqualTo(1);
      }
      happened.forEach((effect, times) -> {
        assertThat(times).as("%s: %s", when, effect).isLessThanOrEqualTo(2);
        if (durable.contains(effect)) {
          assertThat(times)
              .as("%s: the finished effect %s", when, effect)
              .isEqualTo(atCrash.get(effect));
        }
      });
    } finally {
      second.close();
    }
  }

  /** The keys of effects whose results are in the journal. */
  private static Set<String> durableEffects(Engine engine) {
    Set<String> keys = new HashSet<>();
    for (Execution execution : engine.executions().list(ExecutionFilter.ALL, null, 10).items()) {
      for (Entry entry : engine.executions().entries(execution.id(), 0, 1000)) {
        if (entry.event() instanceof Event.EffectDone done) {
          keys.add(done.key());
        }
      }
    }
    return keys;
  }

  private Engine open(Path home, @Nullable String url, FusedDatabase fuse) {
    CodeKind kind =
        new CodeKind()
            .with(
                "crashing",
                () ->
                    Flows.of("end")
                        .step("a", effect("a", fuse))
                        .step("b", effect("b", fuse))
                        .step("gate", CrashContract::gate, "a", "b")
                        .step("sub", child("child"), "gate")
                        .step("draft", context -> draft(context, fuse), "gate")
                        .step("judge", context -> judge(context, fuse), "draft", "sub")
                        .step("end", context -> end(context, fuse), "judge")
                        .build())
            .with("child", () -> Flows.of("c").step("c", effect("child", fuse)).build())
            .with("gated", () -> Flows.of("g").step("g", CrashContract::gate).build())
            .with("family", () -> Flows.of("s").step("s", child("gated")).build())
            .with(
                "patient",
                () ->
                    Flows.of("s")
                        .retried(
                            "s",
                            new Retry(2, Duration.ofMillis(1), 1),
                            null,
                            CrashContract::patient)
                        .build())
            .with(
                "clan",
                () -> Flows.of("s").step("s", child("family")).step("t", child("gated")).build());
    return Engine.open(
        new EngineConfig(home, url, Duration.ofMillis(100), null),
        List.of(kind),
        EngineObservers.NONE,
        new Engine.Surroundings(InstantSource.system(), Duration.ofSeconds(5), fuse::open));
  }

  private Step effect(String key, FusedDatabase fuse) {
    return context ->
        StepOutcome.done(
            context.once(
                Effect.repeatable(key, key),
                () -> {
                  happen(key, fuse);
                  return Json.text(key);
                }));
  }

  private void happen(String key, FusedDatabase fuse) {
    if (fuse.isBlown()) {
      throw new IllegalStateException("nothing happens without power");
    }
    happened.merge(key, 1, Integer::sum);
  }

  private static StepOutcome gate(StepContext context) {
    return context
        .answer("gate")
        .<StepOutcome>map(answer -> StepOutcome.done("approved"))
        .orElseGet(() ->
            new StepOutcome.Ask(
                "gate", new Question("gate", "?", List.of(Question.APPROVE), null, null)));
  }

  private static Step child(String name) {
    return context -> Flows.childOf(context, new ChildRequest("code", name, Json.object()));
  }

  private StepOutcome draft(StepContext context, FusedDatabase fuse) throws Exception {
    for (String key : List.of("pre:draft", context.state().has("note") ? "better" : "poor")) {
      context.once(
          Effect.repeatable(key, key),
          () -> {
            happen(key, fuse);
            return Json.text(key);
          });
    }
    return StepOutcome.done(context.state().has("note") ? "better" : "poor");
  }

  private StepOutcome judge(StepContext context, FusedDatabase fuse) throws Exception {
    String draft = context.state().text("draft");
    String key = "judge of " + draft;
    context.once(
        Effect.repeatable(key, key),
        () -> {
          happen(key, fuse);
          return Json.text(key);
        });
    return draft.equals("better")
        ? StepOutcome.done("well")
        : new StepOutcome.RunAgain("again", "draft", Map.of("note", Json.text("poor")), "pre:");
  }

  private StepOutcome end(StepContext context, FusedDatabase fuse) throws Exception {
    context.once(
        new Effect("end", "ends", new io.windlass.step.OnRecovery.Answer(Json.text("?"))),
        () -> {
          happen("end", fuse);
          return Json.text("end");
        });
    return StepOutcome.done(
        "%s%s %s %s %s"
            .formatted(
                context.state().text("a"),
                context.state().text("b"),
                context.state().text("gate"),
                context.state().text("sub"),
                context.state().text("draft")));
  }
}
