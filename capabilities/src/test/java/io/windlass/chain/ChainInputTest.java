package io.windlass.chain;

import static io.windlass.chain.Documents.CHAINS;
import static io.windlass.chain.Documents.chain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class ChainInputTest {
  @Test
  void setsEachInputUnderBothNames() {
    State state = begin("[{name: topic}]", "{\"topic\": \"tea\"}");
    assertThat(state.text("topic")).isEqualTo("tea");
    assertThat(state.text("input.topic")).isEqualTo("tea");
  }

  @Test
  void turnsValuesIntoText() {
    State state =
        begin(
            "[]", "{\"n\": 3, \"b\": true, \"o\": {\"a\": [1]}, \"nothing\": null, \"s\": \"x\"}");
    assertThat(state.texts())
        .containsEntry("n", "3")
        .containsEntry("input.b", "true")
        .containsEntry("o", "{\"a\":[1]}")
        .containsEntry("s", "x")
        .doesNotContainKey("nothing");
    assertThat(state.values().values()).allMatch(value -> value.isString());
  }

  @Test
  void takesDefaultsForWhatIsMissingOrEmpty() {
    String inputs = "[{name: a, default: 5}, {name: b, optional: true}, {name: c, default: [x]}]";
    assertThat(begin(inputs, "{\"a\": \"\"}").texts())
        .containsEntry("a", "5")
        .containsEntry("c", "[\"x\"]")
        .doesNotContainKey("b");
    assertThat(begin(inputs, "{\"a\": \"9\", \"b\": \"\"}").texts())
        .containsEntry("a", "9")
        .containsEntry("b", "");
  }

  @Test
  void namesEveryMissingInputAndEveryFaultAtOnce() {
    String inputs = "[{name: a}, {name: b}, {name: n, type: number}, {name: d, default: ''}]";
    assertThatThrownBy(() -> begin(inputs, "{\"b\": \"\", \"n\": \"many\"}"))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("Missing required input a, b;")
        .hasMessageContaining("the input n must be a number; got \"many\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "type: number; 4.5; true",
        "type: number; four; false",
        "type: number; NaN; false",
        "type: number, min: 1, max: 5; 0; false",
        "type: number, min: 1, max: 5; 5; true",
        "type: number, min: 1, max: 5; 6; false",
        "type: boolean; Yes; true",
        "type: boolean; 0; true",
        "type: boolean; maybe; false",
        "type: url; https://x.test; true",
        "type: url; ftp://x.test; false",
        "type: json; [1, 2]; true",
        "type: json; [1, 2; false",
        "type: enum, enum: [a, 2]; 2; true",
        "type: enum, enum: [a, 2]; b; false",
        "min_length: 3; ab; false",
        "max_length: 3; abcd; false",
        "pattern: '^\\d+$'; 12; true",
        "pattern: '^\\d+$'; 12a; false",
        "pattern: '('; x; false",
        "type: file; /tmp/x; true",
        "type: text; anything; true",
      })
  void keepsTheRulesOfTypes(String rules, String value, boolean accepted) {
    String inputs = "[{name: x, " + rules + "}]";
    String given = Json.object().put("x", value).toString();
    if (accepted) {
      assertThat(begin(inputs, given).text("x")).isEqualTo(value);
    } else {
      assertThatThrownBy(() -> begin(inputs, given)).hasMessageContaining("the input x ");
    }
  }

  private static State begin(String inputs, String given) {
    String source = "inputs: " + inputs + "\n" + chain("id: a, prompt: p, output_var: out");
    return CHAINS.begin("c", source, (ObjectNode) Json.read(given));
  }
}
