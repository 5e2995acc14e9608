package io.windlass.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonQueryTest {
  private static final String DOCUMENT =
      """
      {"title":"report","count":3,"none":null,"empty":[],"a.b":"never by path",
       "items":[{"name":"one","tags":["x","y"]},{"name":"two"},{"size":7}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title|report",
        "$.title|report",
        "count|3",
        "items.0.name|one",
        "$.items.1.name|two",
        "items[0].tags[1]|y",
        "$['title']|report",
        "$.items[2].size|7",
        "none|''",
        "absent|''",
        "absent.deeper|''",
        "title.deeper|''",
        "items.9|''",
        "items.name|''",
        "items.99999999999|''",
        "empty|[]",
      })
  void followsAPath(String path, String expected) {
    assertThat(JsonQuery.extract(DOCUMENT, path)).isEqualTo(expected);
  }

  @Test
  void mapsTheRestOfThePathOverAnArray() {
    assertThat(JsonQuery.extract(DOCUMENT, "items.*.name"))
        .isEqualTo(
            """
            [
              "one",
              "two",
              null
            ]\
            """);
    assertThat(JsonQuery.extract(DOCUMENT, "$.items[*].name"))
        .isEqualTo(JsonQuery.extract(DOCUMENT, "items.*.name"));
  }

  @Test
  void mapsOverAnArrayAtTheRootAndOverNestedOnes() {
    assertThat(JsonQuery.extract("[[1,2],[3]]", "*.0")).isEqualTo("[\n  1,\n  3\n]");
    assertThat(JsonQuery.extract("[[1,2],[3]]", "*.*"))
        .isEqualTo("[\n  [\n    1,\n    2\n  ],\n  [\n    3\n  ]\n]");
  }

  @Test
  void showsObjectsIndentedByTwo() {
    assertThat(JsonQuery.extract("{\"a\":{\"b\":[1,{}],\"c\":\"é\"}}", "$"))
        .isEqualTo(
            """
            {
              "a": {
                "b": [
                  1,
                  {}
                ],
                "c": "é"
              }
            }\
            """);
  }

  @Test
  void refusesTextThatIsNoJson() {
    assertThatThrownBy(() -> JsonQuery.extract("not json", "a"))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
  }

  @Test
  void stripsCodeFences() {
    assertThat(JsonQuery.withoutFences("```json\n{\"a\":1}\n```")).isEqualTo("{\"a\":1}");
    assertThat(JsonQuery.withoutFences("```\n[1]\n```\n")).isEqualTo("[1]");
    assertThat(JsonQuery.withoutFences("Here it is:\n```json\n{\"a\":1}\n```\nEnjoy"))
        .isEqualTo("{\"a\":1}");
    assertThat(JsonQuery.withoutFences(" {\"a\":\"```\"} ")).isEqualTo("{\"a\":\"```\"}");
  }
}
