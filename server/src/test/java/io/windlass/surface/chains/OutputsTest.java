package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event.StepDone;
import io.windlass.journal.Event.StepOutput;
import io.windlass.journal.Event.StepRetried;
import io.windlass.kernel.Json;
import org.junit.jupiter.api.Test;

final class OutputsTest {
  private final Outputs outputs = new Outputs();

  @Test
  void tellsTheWholeOutputInOnePiece_whateverARunThatWasKilledHadTold() {
    outputs.keep(piece("a", 1, 0, "a long ans"), 3);
    outputs.keep(piece("a", 1, 10, "a long answer"), 5);
    assertThat(outputs.doneBefore(done("a", 1, "a long answer, indeed")))
        .isEqualTo("a long answer, indeed");
    assertThat(outputs.kept()).isEmpty();
  }

  @Test
  void forgetsWhatAFailedAttemptTold() {
    outputs.keep(piece("a", 1, 0, "bad"), 3);
    outputs.retried(new StepRetried("a", 1, "broken off", 0));
    assertThat(outputs.seen(4)).isEqualTo(4);
    outputs.keep(piece("a", 1, 3, "straggler"), 5);
    assertThat(outputs.kept()).isEmpty();
    outputs.keep(piece("a", 2, 0, "go"), 6);
    assertThat(outputs.kept()).containsEntry("a", "go");
    assertThat(outputs.now(piece("a", 2, 0, "good"), true)).isEqualTo("od");
    assertThat(outputs.done(done("a", 2, "good!"))).isEqualTo("!");
  }

  @Test
  void goesOnWhereTheClientHasSeenPartOfTheAttempt() {
    assertThat(outputs.now(piece("a", 1, 0, "se"), false)).isEqualTo("se");
    outputs.keep(piece("a", 1, 2, "e"), 4);
    assertThat(outputs.doneBefore(done("a", 1, "seen"))).isEqualTo("en");
  }

  @Test
  void doesNotCountAsSeenWhatIsKept() {
    assertThat(outputs.seen(9)).isEqualTo(9);
    outputs.keep(piece("a", 1, 0, "x"), 10);
    outputs.keep(piece("b", 1, 0, "y"), 11);
    assertThat(outputs.seen(12)).isEqualTo(9);
    assertThat(outputs.kept("a")).isEqualTo("x");
    assertThat(outputs.seen(12)).isEqualTo(10);
    assertThat(outputs.kept("b")).isEqualTo("y");
    assertThat(outputs.seen(12)).isEqualTo(12);
  }

  private static StepOutput piece(String step, int attempt, long offset, String text) {
    return new StepOutput(step, attempt, offset, text);
  }

  private static StepDone done(String step, int attempt, String output) {
    return new StepDone(step, 1, attempt, Json.text(output), null, null, 1, null);
  }
}
