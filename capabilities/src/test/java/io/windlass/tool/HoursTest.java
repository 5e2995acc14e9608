package io.windlass.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.MissingNode;

final class HoursTest {
  @ParameterizedTest
  @CsvSource({
    "1, PT1H",
    "0.5, PT30M",
    "0.001, PT3.6S",
    "0, PT0.001S",
    "-3, PT0.001S",
    "1e15, P36525D",
    "1e400, P36525D",
  })
  void holdsWhateverTheNumber(String hours, Duration time) {
    assertThat(Hours.of(Json.read(hours), 24)).isEqualTo(time);
  }

  @Test
  void takesTheStandardForNone() {
    assertThat(Hours.of(MissingNode.getInstance(), 24)).isEqualTo(Duration.ofDays(1));
  }
}
