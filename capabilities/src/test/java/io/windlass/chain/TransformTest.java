package io.windlass.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import io.windlass.step.StepOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

class TransformTest {
  private static final String FEED =
      "{\"items\":[{\"t\":\"One\",\"n\":1},{\"t\":\"Two\",\"n\":2}],\"meta\":{\"ok\":true}}";

  @Test
  void extractsFromJson() throws Exception {
    assertThat(result("operation: json_extract, json_path: items.1.t", FEED)).isEqualTo("Two");
    assertThat(result("operation: json_extract, json_path: $.meta", FEED))
        .isEqualTo("{\n  \"ok\": true\n}");
    assertThat(result("operation: json_extract, json_path: 'items.*.t'", FEED))
        .isEqualTo("[\n  \"One\",\n  \"Two\"\n]");
    assertThat(result("operation: json_extract, json_path: 'items[0].n'", FEED)).isEqualTo("1");
    assertThat(result("operation: json_extract, json_path: nope.nope", FEED)).isEmpty();
    assertThat(result("operation: json_extract", "[1]")).isEqualTo("[\n  1\n]");
    assertThat(
            result(
                "operation: json_extract, json_path: a", "Sure:\n```json\n{\"a\": \"b\"}\n```\n"))
        .isEqualTo("b");
    assertThat(result("operation: json_extract, json_path: a", "no json"))
        .startsWith("[JSON parse error");
    assertThat(result("operation: json_extract, json_path: a", " "))
        .startsWith("[JSON parse error");
  }

  @Test
  void matchesReplacesAndFilters() throws Exception {
    String log = "ERROR 12 disk\nok\nERROR 7 net\n";
    assertThat(result("operation: regex_match, regex: 'ERROR \\d+'", log))
        .isEqualTo("ERROR 12\nERROR 7");
    assertThat(result("operation: regex_match, regex: zzz", log)).isEmpty();
    assertThat(result("operation: replace, regex: 'ERROR (\\d+)', template_str: 'E$1'", log))
        .isEqualTo("E12 disk\nok\nE7 net\n");
    assertThat(result("operation: replace, regex: ok, template_str: '{price}'", log))
        .isEqualTo("ERROR 12 disk\n$1 & $&\nERROR 7 net\n");
    assertThat(result("operation: replace, regex: 'ERROR '", log))
        .isEqualTo("12 disk\nok\n7 net\n");
    assertThat(result("operation: filter, regex: '^ERROR'", log))
        .isEqualTo("ERROR 12 disk\nERROR 7 net");
  }

  @Test
  void turnsLinesIntoJsonAndBack() throws Exception {
    assertThat(result("operation: split", "a\r\n\n  \nb\n")).isEqualTo("[\"a\",\"b\"]");
    assertThat(result("operation: to_json", "a\nb \"c\"")).isEqualTo("[\"a\",\"b \\\"c\\\"\"]");
    assertThat(result("operation: join", "[\"a\",1,{\"x\":2}]")).isEqualTo("a\n1\n{\"x\":2}");
    assertThat(result("operation: join, template_str: ', '", "[\"a\",\"b\"]")).isEqualTo("a, b");
    assertThat(result("operation: join", "not a list")).isEqualTo("not a list");
    assertThat(result("operation: from_json", "[\"a\",2]")).isEqualTo("a\n2");
    assertThat(result("operation: from_json", "{\"k\":\"v\",\"n\":[1]}")).isEqualTo("k: v\nn: [1]");
    assertThat(result("operation: from_json", "oops")).startsWith("[JSON parse error");
  }

  @Test
  void fillsTemplates() throws Exception {
    assertThat(result("operation: template, template_str: 'In: {in} {price} {gone}'", "x"))
        .isEqualTo("In: x $1 & $& {gone}");
    assertThat(
            result("operation: map, template_str: '{index}. {item} ({price})'", "a\n\n{price}\n"))
        .isEqualTo("0. a ($1 & $&)\n1. {price} ($1 & $&)");
  }

  @Test
  void mergesTruncatesAndPassesThrough() throws Exception {
    assertThat(result("operation: merge, inputs: [in, empty, gone, price]", "x"))
        .isEqualTo("x\n\n---\n\n$1 & $&");
    assertThat(result("operation: truncate, truncate_limit: 3", "abcdef"))
        .startsWith("abc\n")
        .contains("truncated from 6 chars");
    assertThat(result("operation: truncate", "y".repeat(5_000))).hasSize(5_000);
    assertThat(result("operation: truncate", "y".repeat(5_001)))
        .contains("truncated from 5001 chars");
    assertThat(result("operation: truncate, truncate_limit: 1", "😀x")).startsWith("\n\n[");
    assertThat(result("label: nothing", "same")).isEqualTo("same");
    assertThat(result("operation: rot13", "same")).isEqualTo("same");
  }

  @Test
  void takesItsRenderedPromptWhenTheVariableIsNotSet() throws Exception {
    assertThat(result("operation: split, input_var: gone", "a")).isEqualTo("[\"prompt of a\"]");
  }

  @Test
  void sendsItsResultAsOnePieceOfOutput() throws Exception {
    FakeStepContext context = FakeStepContext.with("in", "a\nb");
    run("operation: split", context);
    assertThat(context.chunks()).containsExactly("[\"a\",\"b\"]");
  }

  @Test
  @Timeout(60)
  void failsClearlyOnAnUnusableRegex() throws Exception {
    assertThat(run("operation: filter, regex: '(a'", FakeStepContext.with("in", "x")))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> {
              assertThat(failed.error())
                  .contains("Step \"t\": filter failed", "\"(a\" is not valid");
              assertThat(failed.retryable()).isFalse();
            });
    assertThat(run("operation: regex_match", FakeStepContext.with("in", "x")))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> assertThat(failed.error()).contains("regex is missing"));
  }

  @Test
  @Timeout(60)
  void refusesResultsThatExplode() throws Exception {
    String lines = "x\n".repeat(100_000);
    assertThat(run("operation: map, template_str: '{in}{in}'", FakeStepContext.with("in", lines)))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class, failed -> assertThat(failed.error()).contains("passes"));
    assertThat(run("input_var: in", FakeStepContext.with("in", "x".repeat(9_000_002))))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed ->
                assertThat(failed.error())
                    .startsWith(
                        "Step \"t\": passing the input through (there is no operation) failed: the result has 9000002 characters"));
  }

  @Test
  void checksItsFieldsBeforeARun() {
    TransformKind kind = new TransformKind();
    assertThat(kind.faults(fields("operation: replace, regex: '[a'")))
        .singleElement()
        .asString()
        .startsWith("regex: ");
    assertThat(kind.faults(fields("operation: merge")))
        .singleElement()
        .asString()
        .startsWith("inputs: ");
    assertThat(kind.faults(fields("operation: split"))).isEmpty();
  }

  private static String result(String fields, String input) throws Exception {
    FakeStepContext context = FakeStepContext.with("in", input, "price", "$1 & $&", "empty", "");
    return ((StepOutcome.Done) run(fields, context)).output().stringValue();
  }

  private static StepOutcome run(String fields, FakeStepContext context) throws Exception {
    return new TransformKind().bind(fields(fields)).run(context);
  }

  private static ObjectNode fields(String flow) {
    ObjectNode fields = (ObjectNode) Yaml.read("{" + flow + "}");
    ObjectNode step = Json.object().put("id", "t").put("prompt", "prompt of {in}");
    step.put("input_var", "in").put("output_var", "out");
    step.setAll(fields);
    return step;
  }
}
