package io.windlass.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EarlyOutputTest {
  private final EarlyOutput early = new EarlyOutput(() -> Set.of("before"));

  @Test
  void keepsOutputUntilItsStepIsToldToHaveBegun() {
    assertThat(early.holds(piece("a", 0))).isTrue();
    assertThat(early.holds(piece("b", 0))).isTrue();
    assertThat(early.holds(piece("a", 1))).isTrue();
    assertThat(early.recorded(new Event.StepStarted("a", 1, "A")))
        .containsExactly(piece("a", 0), piece("a", 1));
    assertThat(early.holds(piece("a", 2))).isFalse();
    assertThat(early.recorded(new Event.StepStarted("b", 1, "B"))).containsExactly(piece("b", 0));
  }

  @Test
  void letsOutputOfAStepPassThatRanWhereTheReaderBegan() {
    assertThat(early.holds(piece("before", 0))).isFalse();
  }

  @Test
  void waitsForTheNextVisitOfAStepThatHasEnded() {
    early.recorded(new Event.StepStarted("a", 1, "A"));
    early.recorded(new Event.StepDone("a", 1, 1, Json.text("x"), null, null, 1, null));
    assertThat(early.holds(piece("a", 0))).isTrue();
    assertThat(early.recorded(new Event.StepStarted("a", 2, "A"))).containsExactly(piece("a", 0));
  }

  private static Tail.Live piece(String step, long offset) {
    return new Tail.Live(new Event.StepOutput(step, 1, offset, "x"));
  }
}
