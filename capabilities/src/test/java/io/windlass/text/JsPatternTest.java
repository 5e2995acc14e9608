package io.windlass.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsPatternTest {
  /** The back reference keeps Java from remembering what it tried. */
  private static final String ENDLESS = "^(a|aa)+\\1!";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\\d{4}-\\d{2}; on 2026-03-29; true",
        "{\"a\"; {\"a\": 1}; true",
        "a{,3}; a{,3}; true",
        "[[]x; [x; true",
        "a[^]b; a.b; true",
        "[]; x; false",
        "[a&&b]; &; true",
        "\\$\\d+; costs $12; true",
        "\\/path\\/; /path/; true",
        "x$; x; true",
        "^a|b$; b; true",
        "(?<first_name>\\w+) \\k<first_name>; bob bob; true",
        "(?<!a)b; ab; false",
        "\\u00e9; é; true",
        "\\u{1F600}; 😀; true",
        "\\p{L}+; é; true",
        "(?i)error; ERROR; true",
        "[\\w.-]+@[\\w-]+\\.\\w+; mail a.b@c-d.org now; true",
        "\\S+\\s+\\S+; one; false",
        "\\bword\\b; a word here; true",
      })
  void readsTheJavaScriptDialect(String regex, String text, boolean finds) {
    assertThat(JsPattern.compile(regex).finds(text)).isEqualTo(finds);
  }

  @Test
  void matchesTheEndOnlyAtTheEnd() {
    assertThat(JsPattern.compile("x$").finds("x\n")).isFalse();
    assertThat(JsPattern.compile("(?m)x$").finds("x\ny")).isTrue();
    assertThat(JsPattern.compile("a\\sb").finds("a\u00a0b")).isTrue();
    assertThat(JsPattern.compile("[\\s]").finds("\u3000")).isTrue();
  }

  @Test
  void replacesAsJavaScriptDoes() {
    JsPattern names = JsPattern.compile("(\\w+), (?<given>\\w+)");
    assertThat(names.replaceAll("Doe, Jo; Roe, Al", "$2 $1", 100)).isEqualTo("Jo Doe; Al Roe");
    assertThat(names.replaceAll("Doe, Jo", "$<given>|$&|$$1|$9|\\1", 100))
        .isEqualTo("Jo|Doe, Jo|$1|$9|\\1");
    assertThat(names.replaceAll("<Doe, Jo>", "[$`$']", 100)).isEqualTo("<[<>]>");
    assertThat(JsPattern.compile("(a)?b").replaceAll("b", "[$1]", 100)).isEqualTo("[]");
    assertThat(JsPattern.compile("x").replaceAll("axb", "$", 100)).isEqualTo("a$b");
  }

  @Test
  void saysWhatIsWrongWithAnExpression() {
    assertThatThrownBy(() -> JsPattern.compile("(a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"(a\" is not valid");
    assertThatThrownBy(() -> JsPattern.compile("(".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Timeout(20)
  void stopsAnExpressionThatBacktracksWithoutEnd() {
    JsPattern pattern = JsPattern.compile(ENDLESS, 5_000_000);
    assertThatThrownBy(() -> pattern.finds("a".repeat(60)))
        .isInstanceOf(JsPattern.TooMuchWork.class)
        .hasMessageContaining("takes too long");
  }

  @Test
  @Timeout(20)
  void stopsWhenItsThreadIsInterrupted() throws Exception {
    JsPattern pattern = JsPattern.compile(ENDLESS, Long.MAX_VALUE);
    CountDownLatch started = new CountDownLatch(1);
    Thread searching =
        Thread.ofVirtual()
            .start(() -> {
              started.countDown();
              try {
                pattern.finds("a".repeat(60));
              } catch (JsPattern.TooMuchWork e) {
                // Expected: the join below shows that it ended.
              }
            });
    started.await();
    searching.interrupt();
    searching.join();
    assertThat(searching.isAlive()).isFalse();
  }

  @Test
  @Timeout(20)
  void failsWhenTheRecursionIsTooDeep() {
    JsPattern pattern = JsPattern.compile("(a|b)*c");
    String text = "ab".repeat(1 << 20);
    try {
      assertThat(pattern.finds(text)).isFalse();
    } catch (JsPattern.TooMuchWork e) {
      assertThat(e).hasMessageContaining("regular expression");
    }
  }
}
