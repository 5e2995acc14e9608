package io.windlass.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PercentilesTest {
  private final Percentiles times = new Percentiles();

  private void add(int fromMillis, int toMillis) {
    for (int millis = toMillis; millis >= fromMillis; millis--) {
      times.add(millis * 1_000_000L);
    }
  }

  @Test
  void namesTheTimeThatSoManyPercentDoNotExceed() {
    add(1, 100);
    assertThat(times.millis(50)).isEqualTo(50);
    assertThat(times.millis(99)).isEqualTo(99);
    assertThat(times.millis(99.9)).isEqualTo(100);
    assertThat(times.millis(100)).isEqualTo(100);
  }

  @Test
  void givesTheOnlyTimeForEveryPercentage() {
    add(7, 7);
    assertThat(times.millis(1)).isEqualTo(7);
    assertThat(times.millis(99.9)).isEqualTo(7);
  }

  @Test
  void growsBeyondItsFirstSize() {
    add(1, 5_000);
    assertThat(times.count()).isEqualTo(5_000);
    assertThat(times.millis(90)).isEqualTo(4_500);
  }

  @Test
  void refusesToSpeakOfNothing() {
    assertThatThrownBy(() -> times.millis(50)).hasMessage("nothing was measured");
    var figures = JsonMapper.shared().createObjectNode();
    times.describe(figures);
    assertThat(figures.toString()).isEqualTo("{\"count\":0}");
  }
}
