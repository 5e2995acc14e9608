package io.windlass.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final State STATE =
      new State(
          Map.of(
              "topic", Json.text("tea"),
              "input.topic", Json.text("green tea"),
              "empty", Json.text(""),
              "nested", Json.text("{topic}"),
              "money", Json.text("$1 \\d")));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "About {topic}.; About tea.",
        "{input.topic}; green tea",
        "{topic.title}; tea",
        "{missing}; {missing}",
        "{missing.word}; {missing.word}",
        "{missing|none}; none",
        "{missing|\"two words\"}; two words",
        "{missing|'it is {odd}'}; it is {odd}",
        "{missing.word|http://x/?a=1}; http://x/?a=1",
        "{missing|}; {missing|}",
        "{missing|\"\"}; {missing|\"\"}",
        "{missing|two words}; {missing|two words}",
        "{topic|none}; tea",
        "[{empty}]; []",
        "[{empty|none}]; []",
        "{{topic}}; {tea}",
        "{\"topic\": \"{topic}\"}; {\"topic\": \"tea\"}",
        "{ topic }; { topic }",
        "{to-pic}; {to-pic}",
        "{a.b.c}; {a.b.c}",
        "{topic.a.b}; {topic.a.b}",
        "{topic.}; {topic.}",
        "{.topic}; {.topic}",
        "{nested}; {topic}",
        "{money}; $1 \\d",
        "{topic; {topic",
        "{missing|\"open}; {missing|\"open}",
        "{größe}; {größe}",
      })
  void fillsPlaceholders(String template, String rendered) {
    assertThat(Template.render(template, STATE)).isEqualTo(rendered);
  }

  @Test
  void quotesValuesAndFallbacksButNotTheTextAround() {
    String command = Template.render("echo {topic} {missing|x} \"a\"", STATE, v -> "'" + v + "'");
    assertThat(command).isEqualTo("echo 'tea' 'x' \"a\"");
  }

  @Test
  void takesWordsWithHyphensOnlyWhenAsked() {
    assertThat(Template.fill("{step-one.result}", true, Placeholder::first)).isEqualTo("step-one");
    assertThat(Template.fill("{step-one}", false, Placeholder::first)).isEqualTo("{step-one}");
  }

  @Test
  void listsPlaceholdersInOrder() {
    List<Placeholder> found = Template.placeholders("{a} {b.c|\"d\"} {} {not this}", false);
    assertThat(found).extracting(Placeholder::name).containsExactly("a", "b.c");
    assertThat(found).extracting(Placeholder::second).containsExactly("", "c");
    assertThat(found).extracting(Placeholder::fallback).containsExactly("", "d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{a", "{a.", "{a.b", "{a|\"", "{a|'x", "{a|b", "{{a}", "\"{a|"})
  @Timeout(5)
  void takesTimeLinearInTheText(String unit) {
    String text = unit.repeat((1 << 20) / unit.length());
    assertThat(Template.render(text, State.EMPTY)).isEqualTo(text);
  }

  @Test
  @Timeout(5)
  void takesLongWordsAndLongPaths() {
    String word = "{" + "a".repeat(1 << 20);
    String path = "{a" + ".b".repeat(1 << 19) + "}";
    assertThat(Template.render(word, State.EMPTY)).isEqualTo(word);
    assertThat(Template.render(path, State.EMPTY)).isEqualTo(path);
  }

  @Test
  void refusesTextsThatExplode() {
    State state = new State(Map.of("x", Json.text("x".repeat(1 << 20))));
    assertThatThrownBy(() -> Template.render("{x}".repeat(100), state))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
        .hasMessageContaining("{x}");
  }
}
