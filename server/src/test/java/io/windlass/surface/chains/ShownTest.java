package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event.StepDone;
import io.windlass.journal.Event.StepOutput;
import io.windlass.kernel.Json;
import org.junit.jupiter.api.Test;

final class ShownTest {
  private final Shown shown = new Shown();

  @Test
  void showsAPieceOnceWhetherItComesLiveOrStored() {
    assertThat(shown.more(piece(1, 0, "ab"), true)).isEqualTo("ab");
    assertThat(shown.more(piece(1, 2, "c"), true)).isEqualTo("c");
    assertThat(shown.more(piece(1, 0, "abcd"), false)).isEqualTo("d");
    assertThat(shown.rest(done(1, "abcdef"))).isEqualTo("ef");
  }

  @Test
  void leavesALivePieceAfterAGapToTheJournal() {
    assertThat(shown.more(piece(1, 5, "late"), true)).isEmpty();
    assertThat(shown.more(piece(1, 0, "earlylate"), false)).isEqualTo("earlylate");
  }

  @Test
  void beginsAnewWithEachAttemptAndBeginning() {
    shown.begin();
    assertThat(shown.more(piece(1, 0, "bad"), true)).isEqualTo("bad");
    assertThat(shown.more(piece(2, 0, "good"), true)).isEqualTo("good");
    assertThat(shown.more(piece(1, 3, "old"), false)).isEmpty();
    assertThat(shown.rest(done(2, "good!"))).isEqualTo("!");
    shown.begin();
    assertThat(shown.rest(done(1, "second"))).isEqualTo("second");
  }

  @Test
  void keepsAnOutputBackThatIsNotWhatThePiecesTold() {
    shown.more(piece(1, 0, "[0] working"), true);
    assertThat(shown.rest(done(1, "[\"result of the loop\"]"))).isEmpty();
  }

  @Test
  void isSilentAboutAPieceThatComesAfterTheEnd() {
    assertThat(shown.rest(done(1, "whole"))).isEqualTo("whole");
    assertThat(shown.more(piece(1, 0, "who"), false)).isEmpty();
  }

  private static StepOutput piece(int attempt, long offset, String text) {
    return new StepOutput("s", attempt, offset, text);
  }

  private static StepDone done(int attempt, String output) {
    return new StepDone("s", 1, attempt, Json.text(output), null, null, 1, null);
  }
}
