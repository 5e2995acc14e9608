package io.windlass.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import org.junit.jupiter.api.Test;

class StepContextTest {
  private final FakeStepContext context = new FakeStepContext();

  private record Found(int count) {}

  @Test
  void readsARecordFromTheJournal() throws Exception {
    Effect effect = Effect.repeatable("count", "count things");
    assertThat(context.once(effect, Found.class, () -> new Found(3)).count()).isEqualTo(3);
    assertThat(context.once(effect, Found.class, () -> new Found(4)).count()).isEqualTo(3);
  }

  @Test
  void saysThatAResultIsLost_whenItWasTakenAsDone() {
    context.journal().put("count", Json.text(""));
    assertThatThrownBy(() ->
            context.once(
                Effect.repeatable("count", "count things"), Found.class, () -> new Found(4)))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STEP_FAILED))
        .hasMessageContaining("\"count things\" is lost");
  }
}
