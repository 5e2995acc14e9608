package io.windlass.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void growsItsWaits() {
    Retry retry = new Retry(4, SECOND, 2);
    assertThat(retry.delayAfter(1, 1)).isEqualTo(SECOND);
    assertThat(retry.delayAfter(3, 1)).isEqualTo(SECOND.multipliedBy(4));
    assertThat(retry.delayAfter(3, 0)).isEqualTo(SECOND.multipliedBy(2));
    assertThat(retry.nextAfter(3, true)).isEqualTo(4);
    assertThat(retry.nextAfter(4, true)).isZero();
    assertThat(retry.nextAfter(1, false)).isZero();
  }

  @Test
  void goesOnToTheNextRow_whenOneIsUsedUpOrCannotWork() {
    Retry retry = new Retry(6, SECOND, 2, 2);
    assertThat(retry.nextAfter(1, true)).isEqualTo(2);
    assertThat(retry.nextAfter(2, true)).isEqualTo(3);
    assertThat(retry.nextAfter(1, false)).isEqualTo(3);
    assertThat(retry.nextAfter(3, false)).isEqualTo(5);
    assertThat(retry.nextAfter(5, false)).isZero();
    assertThat(retry.nextAfter(6, true)).isZero();
    assertThat(retry.rowOf(5)).isEqualTo(2);
    assertThat(retry.delayAfter(3, 1)).isEqualTo(SECOND);
  }
}
