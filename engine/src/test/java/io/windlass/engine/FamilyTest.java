package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Executions that run others: parent and child change each other's rows. */
final class FamilyTest extends EngineCase {
  @Test
  void runsManyFamiliesAtOnce() throws Exception {
    test.define("leaf", () -> Flows.of("x").step("x", context -> StepOutcome.done("leaf")).build());
    test.define("branch", () -> Flows.of("l").step("l", running("leaf")).build());
    test.define(
        "root",
        () ->
            Flows.of("end")
                .step("a", running("branch"))
                .step("b", running("branch"))
                .step("c", running("leaf"))
                .step("end", FamilyTest::joined, "a", "b", "c")
                .build());
    List<Execution> started = IntStream.range(0, 60).mapToObj(_ -> test.start("root")).toList();
    List<Integer> families = new ArrayList<>();
    for (Execution root : started) {
      Execution ended = test.awaitEnd(root.id());
      assertThat(ended.status()).as(ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(Json.show(ended.result())).isEqualTo("leafleafleaf");
      families.add(root.id().family());
    }
    assertThat(families)
        .as("families spread over the journal's lanes")
        .anyMatch(family -> family % 2 == 0)
        .anyMatch(family -> family % 2 == 1);
  }

  @Test
  void givesAChildTheFamilyOfItsParent() throws Exception {
    test.define(
        "leaf",
        () ->
            Flows.of("x")
                .step("x", context -> StepOutcome.done(context.execution().toString()))
                .build());
    test.define("root", () -> Flows.of("a").step("a", running("leaf")).build());
    for (int i = 0; i < 5; i++) {
      Execution root = test.run("root");
      ExecutionId child = ExecutionId.parse(Json.show(root.result()));
      assertThat(child.family()).isEqualTo(root.id().family());
      assertThat(child).isNotEqualTo(root.id());
    }
  }

  private static StepOutcome joined(StepContext context) {
    var state = context.state();
    return StepOutcome.done(state.text("a") + state.text("b") + state.text("c"));
  }

  private static Step running(String name) {
    return context ->
        context
            .child("c")
            .<StepOutcome>map(child -> StepOutcome.done(Objects.requireNonNull(child.result())))
            .orElseGet(
                () -> new StepOutcome.RunChild("c", new ChildRequest("code", name, Json.object())));
  }
}
