package io.windlass.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @ParameterizedTest
  @ValueSource(strings = {"{\"a\": [1, 2", "{\"a\":", "{\"a\": tru}", "\"half", "{]", "{\"a\" 1}"})
  void tellsWhatIsWrong_withoutTheParsersOwnWords(String text) {
    assertThatThrownBy(() -> Json.read(text))
        .isInstanceOf(WindlassException.class)
        .hasMessageStartingWith("Invalid JSON: ")
        .message()
        .hasSizeGreaterThan("Invalid JSON: ".length())
        .doesNotContain("Source:", "REDACTED", "StreamReadFeature");
  }
}
