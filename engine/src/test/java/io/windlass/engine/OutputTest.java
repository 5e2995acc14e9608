package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.step.Question;
import io.windlass.step.StepOutcome;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class OutputTest extends EngineCase {
  @Test
  void storesNothingThatTheResultHolds() throws InterruptedException {
    test.define(
        "same",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      context.output("the res");
                      return StepOutcome.done("the result");
                    })
                .build());

    assertThat(stored(test.run("same").id())).isEmpty();
  }

  @Test
  void storesWhatWasToldOnTheWayToAnotherResult() throws InterruptedException {
    test.define(
        "other",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      context.output("looking, ");
                      context.output("found");
                      return StepOutcome.done("found");
                    })
                .build());

    assertThat(stored(test.run("other").id())).isEqualTo("looking, found");
  }

  @Test
  void storesWhatWasToldBeforeAQuestion() throws InterruptedException {
    test.define(
        "asking",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      context.output("about to delete");
                      return GATE.run(context);
                    })
                .build());
    ExecutionId id = test.start("asking").id();
    var approval = test.awaitApproval(id, "a");

    assertThat(stored(id)).isEqualTo("about to delete");

    test.engine().approvals().decide(approval.id(), Question.APPROVE, "me", "test", null);
    test.awaitEnd(id);
  }

  @Test
  void goesOnWithTheOutputAfterAWait_andTellsNothingTwice() throws InterruptedException {
    test.define(
        "going-on",
        () ->
            Flows.of("a")
                .step(
                    "a",
                    context -> {
                      context.retell("told before. ");
                      StepOutcome gate = GATE.run(context);
                      if (gate instanceof StepOutcome.Ask) {
                        context.output("one item, ");
                        return gate;
                      }
                      context.output("another");
                      return StepOutcome.done("[one, another]");
                    })
                .build());
    ExecutionId id = test.start("going-on").id();
    var approval = test.awaitApproval(id, "a");
    test.engine().approvals().decide(approval.id(), Question.APPROVE, "me", "test", null);
    test.awaitEnd(id);

    assertThat(stored(id)).isEqualTo("told before. one item, another");
    long next = 0;
    for (var entry : test.engine().executions().entries(id, 0, 100)) {
      if (entry.event() instanceof Event.StepOutput piece) {
        assertThat(piece.offset()).isEqualTo(next);
        next += piece.text().length();
      }
    }
  }

  private String stored(ExecutionId id) {
    return test.engine().executions().entries(id, 0, 100).stream()
        .filter(entry -> entry.event() instanceof Event.StepOutput)
        .map(entry -> ((Event.StepOutput) entry.event()).text())
        .collect(Collectors.joining());
  }
}
