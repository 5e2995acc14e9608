package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ShownOutputTest {
  private final ShownOutput shown = new ShownOutput();

  @Test
  void showsStoredTextOnlyAsFarAsItWasNotLive() {
    assertThat(live(1, 0, "Hel")).isEqualTo("Hel");
    assertThat(stored(1, 0, "Hello")).isEqualTo("lo");
    assertThat(stored(1, 0, "Hello")).isEmpty();
    assertThat(live(1, 5, "!")).isEqualTo("!");
  }

  @Test
  void leavesALivePieceToTheJournal_whenTextBeforeItIsMissing() {
    assertThat(live(1, 4, "late")).isNull();
    assertThat(stored(1, 0, "Too late")).isEqualTo("Too late");
    assertThat(live(1, 8, "r")).isEqualTo("r");
  }

  @Test
  void beginsAnewWithEachAttempt_andForgetsTheOneBefore() {
    assertThat(live(1, 0, "first")).isEqualTo("first");
    assertThat(live(2, 0, "second")).isEqualTo("second");
    assertThat(stored(1, 0, "first")).isEmpty();
    assertThat(live(1, 5, "x")).isNull();
    assertThat(live(2, 6, "!")).isEqualTo("!");
  }

  @Test
  void beginsAnewWithEachBeginning_alsoAfterAResume() {
    shown.begin(new Event.StepStarted("a", 1, "A"));
    assertThat(live(1, 0, "text")).isEqualTo("text");
    assertThat(live(1, 0, "text")).isNull();
    shown.begin(new Event.StepStarted("a", 1, "A"));
    assertThat(live(1, 0, "text")).isEqualTo("text");
  }

  private @Nullable String live(int attempt, long offset, String text) {
    Event.StepOutput rest = shown.live(new Event.StepOutput("a", attempt, offset, text));
    return rest == null ? null : rest.text();
  }

  private String stored(int attempt, long offset, String text) {
    return shown.stored(new Event.StepOutput("a", attempt, offset, text)).text();
  }
}
