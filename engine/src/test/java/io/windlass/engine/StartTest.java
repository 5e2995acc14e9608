package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.Rerun;
import io.windlass.execution.StartRequest;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.StepOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class StartTest extends EngineCase {
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
            "code",
            "slow",
            Json.object(),
            "test",
            "me",
            "",
            null,
            new AdmissionLimit("group", 2, "THE_MOST"));
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
  void asksWhetherANearNameWasMeant_whenThereIsNoSuchDefinition() {
    test.define("weekly-report", () -> Flows.of("a").step("a", says("1")).build());
    assertThatThrownBy(() -> test.start("weekly-reprot", Json.object(), null))
        .hasMessageContaining("\"weekly-reprot\"; did you mean \"weekly-report\"?");
    assertThatThrownBy(() -> test.start("tea", Json.object(), null))
        .hasMessageEndingWith("\"tea\".");
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
}
