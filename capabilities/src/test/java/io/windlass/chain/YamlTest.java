package io.windlass.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class YamlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "yes; \"yes\"",
        "No; \"No\"",
        "on; \"on\"",
        "true; true",
        "False; false",
        "~; null",
        "NULL; null",
        "2026-03-29; \"2026-03-29\"",
        "2026-03-29T14:00:00Z; \"2026-03-29T14:00:00Z\"",
        "12:30; \"12:30\"",
        "1.10; 1.10",
        "1.0; 1.0",
        "1.2.3; \"1.2.3\"",
        "42; 42",
        "-7; -7",
        "0x1F; 31",
        "0o17; 15",
        "1e3; 1E+3",
        ".5; 0.5",
        ".nan; \".nan\"",
        "1e999999999; \"1e999999999\"",
        "123456789012345678901234567890; 123456789012345678901234567890",
        "\"1.0\"; \"1.0\"",
        "'yes'; \"yes\"",
        "!!str 12; \"12\"",
        "!!int \"12\"; 12",
        "v1.0; \"v1.0\"",
      })
  void readsScalarsByTheCoreSchema(String scalar, String json) {
    assertThat(Yaml.read("a: " + scalar).get("a")).hasToString(json);
  }

  @Test
  void namesThePlaceOfACharacterThatCannotStandInYaml() {
    String before = "name: x # 😀\n" + "# filled\n".repeat(2_000);
    assertThatThrownBy(() -> Yaml.read(before + "steps: a\u0001b\n"))
        .hasMessage(
            "yaml: line 2002, column 9: the character U+0001 cannot stand here; take it out, or"
                + " write it as \"\\u0001\" in double quotes");
    assertThat(Yaml.read("a: \"\\u0001\"").path("a").stringValue()).isEqualTo("\u0001");
  }

  @Test
  void readsTextBlocksAnchorsAndMergeKeys() {
    JsonNode tree =
        Yaml.read(
            """
            base: &base {model: haiku, retry: {max: 2}}
            other: &other
              model: sonnet
              cwd: /tmp
            steps:
              - <<: *base
                id: a
              - id: b
                model: own
                <<: [*base, *other]
            literal: |
              one
              two
            folded: >-
              one
              two
            """);
    assertThat(tree.at("/steps/0/model").asString()).isEqualTo("haiku");
    assertThat(tree.at("/steps/0/retry/max").asInt()).isEqualTo(2);
    assertThat(tree.at("/steps/1/model").asString()).isEqualTo("own");
    assertThat(tree.at("/steps/1/cwd").asString()).isEqualTo("/tmp");
    assertThat(tree.at("/literal").asString()).isEqualTo("one\ntwo\n");
    assertThat(tree.at("/folded").asString()).isEqualTo("one two");
  }

  @Test
  void readsJson() {
    JsonNode tree = Yaml.read("\uFEFF{\"a\": \"\\ud83d\\ude00\\/\", \"b\":\t[1, true, null]}");
    assertThat(tree.get("a").asString()).isEqualTo("😀/");
    assertThat(Yaml.read("{a: 1, b: {c: d}}").at("/b/c").asString()).isEqualTo("d");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a: [1, 2; line",
        "a: b: c; line 1, column 5",
        "a: 1~a: 2; line 2, column 1: the key \"a\" stands twice",
        "{\"a\": 1, \"a\": 2}; the key \"a\" stands twice",
        "a: *nope; line 1, column 4: the alias *nope",
        "a: &x [*x]; the alias *x",
        "a: !ruby/object x; the tag !ruby/object is not known",
        "a: 1~---~b: 2; a second document begins here",
        "{a}: 1; a key must be a word or a text",
        "a:~\tb: 1~\tc: 2; line ",
        "a: \"\\q\"; line 1",
        "<<: 3; << takes a mapping",
      })
  void saysWhereBrokenYamlIsBroken(String source, String fault) {
    assertThatThrownBy(() -> Yaml.read(source.replace('~', '\n')))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessageStartingWith("yaml: ")
        .hasMessageContaining(fault)
        .message()
        .doesNotContain("\n");
  }

  @Test
  @Timeout(10)
  void refusesBombs() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      String alias = "*a" + (i - 1);
      laughs.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", alias, alias, alias)));
    }
    assertFault(laughs.toString(), "expands to more than");
    String big = "a: &a " + "x".repeat(1 << 20) + "\nb: [" + "*a, ".repeat(30) + "]\n";
    assertFault(big, "expands to more than");
    assertFault("a: &a 1\nb: [" + "*a, ".repeat(2_000) + "]\n", "more than 1000 aliases");
    assertFault("a: " + "[".repeat(1 << 20), "nested deeper than 64 levels");
    assertFault("a: " + "{a: ".repeat(100_000), "nested deeper than 64 levels");
    assertFault("- ".repeat(100_000) + "a", "nested deeper than 64 levels");
    assertFault("{\"a\":".repeat(100_000), "nested deeper than 64 levels");
    assertFault("a: [" + "1, ".repeat(300_000) + "]", "expands to more than");
  }

  @Test
  void refusesDocumentsThatAreTooLong() {
    assertThatThrownBy(() -> Yaml.read("a: " + "x".repeat(Yaml.MAX_LENGTH)))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
        .hasMessageContaining("the most is 5242880");
  }

  @Test
  void readsAPromptOfOneMegabyte() {
    String prompt = "word ".repeat(200_000);
    assertThat(Yaml.read("prompt: |\n  " + prompt + "\n").get("prompt").asString())
        .hasSize(1_000_001);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"x\",\"version\":\"1.0\",\"n\":1.5,\"list\":[],\"on\":\"yes\",\"t\":\"true\"}",
        "{\"steps\":[{\"id\":\"a\",\"prompt\":\"one\\ntwo: {x}\\n\\n"
            + "  three\\n\"},{\"b\":[[1,2],{}]}]}",
        "{\"a\":\"# no comment\",\"b\":\": \",\"c\":\"\",\"d\":null,\"e\":\" lead\",\"f\":\"tail"
            + " \\n\"}",
        "{\"long\":\"aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbb ccccccccccccccccccccccc"
            + " ddddddd\"}",
      })
  void writesWhatItReadsBack(String json) {
    String yaml = Yaml.write(Json.read(json));
    assertThat(Yaml.read(yaml)).hasToString(json);
  }

  private static void assertFault(String source, String fault) {
    assertThatThrownBy(() -> Yaml.read(source))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining(fault);
  }
}
