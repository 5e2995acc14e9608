package io.windlass.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
  private static final State STATE =
      new State(
          Map.of(
              "verdict", Json.text(" PASS\n"),
              "score", Json.text("8/10"),
              "count", Json.text("7"),
              "negative", Json.text("-3"),
              "empty", Json.text(""),
              "zero", Json.text("0"),
              "no", Json.text("false"),
              "rule", Json.text("a == \"a\""),
              "quoting", Json.text("he wrote x == \"y\" and\nleft ERROR behind")));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{verdict} == \"PASS\"; true",
        "{verdict}==\"PASS\"; true",
        "{verdict} == \"FAIL\"; false",
        "{verdict} != \"FAIL\"; true",
        "{verdict} contains \"AS\"; true",
        "{verdict} contains \"as\"; false",
        "{empty} == \"\"; true",
        "{empty} != \"\"; false",
        "{verdict} == \"{verdict}\"; false",
        "{count} == \"{count}\"; true",
        "{count} > 6; true",
        "{count} > 7; false",
        "{count}<8; true",
        "{negative} < -2; true",
        "{negative} > -4; true",
        "{score} > 7; true",
        "{verdict} > 1; false",
        "{verdict} < 1; false",
        "{count} > 99999999999999999999; false",
        "{count} >= 9; true",
        "{count}; true",
        "{empty}; false",
        "{zero}; false",
        "{no}; false",
        "{missing}; true",
        "{missing|0}; false",
        "{missing|\"PASS\"} == \"PASS\"; true",
        "{rule}; true",
        "{quoting} contains \"ERROR\"; true",
        "{quoting} contains \"WARN\"; false",
        "{quoting} == \"y\"; false",
        "{count} == '7'; true",
        "{verdict} contains \"\"; true",
        "no operator \"here\"; true",
        "\"; true",
      })
  void holdsOrNot(String condition, boolean holds) {
    assertThat(Condition.holds(condition, STATE)).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "=", "= ", "a ", "a contains ", "1", "== ", "\"", "contains\" "})
  @Timeout(5)
  void takesTimeLinearInTheText(String unit) {
    String text = unit.repeat((1 << 20) / unit.length());
    State state = new State(Map.of("long", Json.text(text)));
    assertThat(Condition.holds("{long} contains \"nowhere\"", state)).isFalse();
    Condition.holds("{long} > 3", state);
    Condition.holds("{long}", state);
    Condition.holds(text, state);
    Condition.holds(text + "\"", state);
  }

  @Test
  void tellsComparisonsFromMereTexts() {
    assertThat(Condition.compares("{a} == \"b\"")).isTrue();
    assertThat(Condition.compares("{a} >= 3")).isFalse();
    assertThat(Condition.compares("{a} == 'b'")).isFalse();
  }
}
