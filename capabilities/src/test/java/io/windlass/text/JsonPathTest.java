package io.windlass.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonPathTest {
  private static final JsonNode TREE =
      Json.read(
          """
          {"items": [{"name": "a", "tags": ["x", "y"]}, {"name": "b"}],
           "a.b": 1, "7": "seven", "deep": {"list": [[1, 2], [3]]}, "*": "star?", "n": null}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "items.0.name; \"a\"",
        "$.items.0.name; \"a\"",
        "$.items[1].name; \"b\"",
        "$items.0.name; \"a\"",
        "items[0]['name']; \"a\"",
        "items.*.name; [\"a\",\"b\"]",
        "items[*].name; [\"a\",\"b\"]",
        "items.*.tags; [[\"x\",\"y\"],null]",
        "items.*.tags.0; [\"x\",null]",
        "deep.list.*.*; [[1,2],[3]]",
        "items.length; 2",
        "['a.b']; 1",
        "7; \"seven\"",
        "n; null",
        "deep.list.1; [3]",
      })
  void findsWhatThePathLeadsTo(String path, String found) {
    assertThat(JsonPath.parse(path).find(TREE)).hasToString(found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nope", "items.9", "items.x", "items.0.name.x", "items[", "n.x", "items.-1"})
  void findsNothingWhereThePathLeadsNowhere(String path) {
    assertThat(JsonPath.parse(path).find(TREE)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "$", "$.", " $ "})
  void takesTheWholeForAnEmptyPath(String path) {
    assertThat(JsonPath.parse(path).find(TREE)).isEqualTo(TREE);
  }

  @Test
  void showsJsonAsJavaScriptWould() {
    JsonNode value =
        Json.read("{\"a\":[1,2.0,{\"b\":\"x\\ny\"}],\"c\":{},\"d\":[],\"e\":null,\"f\":0.5}");
    assertThat(JsonText.indented(value))
        .isEqualTo(
            """
            {
              "a": [
                1,
                2,
                {
                  "b": "x\\ny"
                }
              ],
              "c": {},
              "d": [],
              "e": null,
              "f": 0.5
            }\
            """);
    assertThat(JsonText.rawOrIndented(Json.text("a\"b"))).isEqualTo("a\"b");
    assertThat(JsonText.rawOrCompact(Json.read("[1, 2]"))).isEqualTo("[1,2]");
  }
}
