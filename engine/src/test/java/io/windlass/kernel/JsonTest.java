package io.windlass.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          not json | "not" is no JSON value, at line 1, column 1, near: not json
          {"a": [1, 2 | it ends too early, at line 1, column 12, near: {"a": [1, 2
          {"a" 1} | "1" cannot stand there, at line 1, column
          {] | "]" closes nothing, at line 1, column
          {"a": "\\q"} | "\\q" is no escape, at line 1, column
          {a: 1} | "a" cannot stand there, at line 1, column
          """)
  void saysInOurWordsWhatIsWrongAndWhere(String text, String told) {
    assertThatThrownBy(() -> Json.read(text))
        .hasMessageStartingWith("Invalid JSON: " + told)
        .message()
        .doesNotContain("expecting", "code ", "token");
  }

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
