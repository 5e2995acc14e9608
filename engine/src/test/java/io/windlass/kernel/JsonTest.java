package io.windlass.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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

  @Test
  void showsNumbersAsPeopleWriteThem() {
    assertThat(
            Stream.of(
                    "12500000.5",
                    "0.0005",
                    "1.0",
                    "1e3",
                    "-2.50",
                    "7",
                    "1e-7",
                    "1e25",
                    "1e400",
                    "0.0")
                .map(text -> Json.show(Json.read(text))))
        .containsExactly(
            "12500000.5",
            "0.0005",
            "1",
            "1000",
            "-2.5",
            "7",
            "0.0000001",
            "1E+25",
            "Infinity",
            "0");
    assertThat(
            Json.show(Json.read("{\"a\": [1.23456789E7, {\"b\\\"\": 5e-4}, [], null], \"c\": {}}")))
        .isEqualTo("{\"a\":[12345678.9,{\"b\\\"\":0.0005},[],null],\"c\":{}}");
  }
}
