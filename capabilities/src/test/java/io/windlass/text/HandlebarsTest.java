package io.windlass.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class HandlebarsTest {
  private static final Map<String, JsonNode> DATA = data();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Hello {{name}}|Hello Ada",
        "Hello {{ name }}!|Hello Ada!",
        "{{{name}}}{{&name}}|AdaAda",
        "{{input.topic}}|engines",
        "{{user.name}}/{{user.tags.1}}|Bob/y",
        "{{absent}}{{user.absent}}|``",
        "{{html}}|<b>&</b>",
        "{{#each items}}{{this}},{{/each}}|a,b,c,",
        "{{#each items}}{{@index}}{{.}}{{#unless @last}};{{/unless}}{{/each}}|0a;1b;2c",
        "{{#each people}}{{name}}={{this.age}};{{/each}}|Ann=3;Ben=4;",
        "{{#each people}}{{../name}}>{{name}};{{/each}}|Ada>Ann;Ada>Ben;",
        "{{#each user}}{{@key}};{{/each}}|name;tags;",
        "{{#each lines}}[{{this}}]{{/each}}|[one][two]",
        "{{#each absent}}x{{else}}none{{/each}}|none",
        "{{#if name}}yes{{else}}no{{/if}}|yes",
        "{{#if zero}}yes{{else}}no{{/if}}|no",
        "{{#if no}}a{{else if name}}b{{else}}c{{/if}}|b",
        "{{#if emptylist}}yes{{else}}no{{/if}}|no",
        "{{#unless name}}x{{/unless}}y|y",
        "a{{! note }}b{{!-- {{name}} --}}c|abc",
        "{single} { {not} }|{single} { {not} }",
      })
  void renders(String template, String expected) {
    assertThat(Handlebars.parse(template).render(DATA, UnaryOperator.identity()))
        .isEqualTo(expected);
  }

  @Test
  void leavesNoEmptyLineForBlockTagsOfTheirOwn() {
    String template =
        """
        Top
        {{#each people}}
          {{#if age}}
        - {{name}}
          {{/if}}
        {{/each}}
        End\
        """;
    assertThat(Handlebars.parse(template).render(DATA, UnaryOperator.identity()))
        .isEqualTo("Top\n- Ann\n- Ben\nEnd");
  }

  @Test
  void neverExpandsAValueAgain() {
    Map<String, JsonNode> data =
        Map.of("x", Json.text("{{name}} {name}"), "name", Json.text("Ada"));
    assertThat(
            Handlebars.parse("{{x}} {name}")
                .render(data, text -> text.replace("{name}", "literal")))
        .isEqualTo("{{name}} {name} literal");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{#if x}}open|line 1: {{#if x}} is never closed",
        "{{#each x}}{{/if}}|{{/if}} does not close {{#each x}}",
        "a {{/each}}|{{/each}} closes nothing",
        "{{#with x}}{{/with}}|{{#with}} is not known",
        "{{#if}}{{/if}}|needs a name",
      })
  void tellsWhatIsWrong(String template, String message) {
    assertThatThrownBy(() -> Handlebars.parse(template))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesNestingWithoutEnd() {
    assertThatThrownBy(() -> Handlebars.parse("{{#if x}}".repeat(50_000)))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("deeper");
    assertThatThrownBy(() -> Handlebars.parse("{{#if x}}" + "{{else if x}}".repeat(50_000)))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("deeper");
  }

  private static Map<String, JsonNode> data() {
    Map<String, JsonNode> data = new LinkedHashMap<>();
    data.put("name", Json.text("Ada"));
    data.put("input.topic", Json.text("engines"));
    data.put("html", Json.text("<b>&</b>"));
    data.put("zero", Json.text("0"));
    data.put("no", Json.text("false"));
    data.put("emptylist", Json.text("[]"));
    data.put("lines", Json.text("one\n\n two".replace(" ", "")));
    data.put("items", Json.text("[\"a\",\"b\",\"c\"]"));
    data.put("user", Json.read("{\"name\":\"Bob\",\"tags\":[\"x\",\"y\"]}"));
    data.put("people", Json.read("[{\"name\":\"Ann\",\"age\":3},{\"name\":\"Ben\",\"age\":4}]"));
    return data;
  }
}
