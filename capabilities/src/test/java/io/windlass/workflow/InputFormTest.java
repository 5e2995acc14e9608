package io.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.chain.Reading;
import io.windlass.kernel.Json;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The schema that is shown of a workflow's inputs is the one that they are held against. */
final class InputFormTest {
  private static final String FIELDS =
      """
      {"input_fields": [
        {"name": "list", "type": "array", "validation": {"items": {"type": "number"}, "maxItems": 2}},
        {"name": "place", "type": "object", "validation":
          {"properties": {"x": {"type": "number"}}, "required": ["x", "y"]}},
        {"name": "above", "type": "number", "validation":
          {"exclusiveMinimum": 0, "multipleOf": 5, "maximum": 100}},
        {"name": "mail", "type": "string", "validation": {"format": "email", "maxLength": 8}},
        {"name": "word", "type": "string", "validation": {"pattern": "^a", "enum": ["ab", "cd"]}},
        {"name": "count", "type": "int"},
        {"name": "thing", "type": "any", "required": true},
        {"name": "where", "required": true, "default": "urban"}]}
      """;

  @Test
  void holdsEveryRuleThatItsSchemaShows() {
    assertThat(faults(FIELDS, "{'thing': 1, 'list': ['x', 1, 2]}"))
        .containsExactlyInAnyOrder(
            "list: Value has 3 items, at most 2 may be", "list.0: Expected number, got string 'x'");
    assertThat(faults(FIELDS, "{'thing': 1, 'place': {}}"))
        .containsExactly(
            "place.x: Required field is missing", "place.y: Required field is missing");
    assertThat(faults(FIELDS, "{'thing': 1, 'place': {'x': 'q', 'y': 1}}"))
        .containsExactly("place.x: Expected number, got string 'q'");
    assertThat(faults(FIELDS, "{'thing': 1, 'above': 0}"))
        .containsExactly("above: Value 0 is not greater than 0");
    assertThat(faults(FIELDS, "{'thing': 1, 'above': 107}"))
        .containsExactlyInAnyOrder(
            "above: Value 107 is greater than the maximum of 100",
            "above: Value 107 is not a multiple of 5");
    assertThat(faults(FIELDS, "{'thing': 1, 'mail': 'mail, none'}"))
        .containsExactlyInAnyOrder(
            "mail: Value has 10 characters, at most 8 may be",
            "mail: Value 'mail, none' does not have the format email");
    assertThat(
            faults(
                FIELDS,
                "{'thing': {}, 'list': [1.5], 'place': {'x': 1, 'y': 2}, 'above': 5, 'mail': 'a@bc.org',"
                    + " 'word': 'ab', 'count': 5.0, 'where': null, 'other': 1}"))
        .isEmpty();
  }

  @Test
  void tellsAllFaultsAtOnce_inTheOrderOfTheFields() {
    assertThat(faults(FIELDS, "{'word': 'x', 'above': -5, 'count': 'two', 'list': null}"))
        .containsExactly(
            "above: Value -5 is not greater than 0",
            "word: Value 'x' does not match the pattern ^a",
            "word: Value 'x' is not in allowed enum: [ab, cd]",
            "count: Expected integer, got string 'two'",
            "thing: Required field is missing");
  }

  @Test
  void namesTheRuleAndTheValue() {
    var fault = form(FIELDS).faults(json("{'thing': 1, 'above': 7}")).getFirst();

    assertThat(fault.constraint()).isEqualTo("multipleOf: 5");
    assertThat(String.valueOf(fault.value())).isEqualTo("7");
  }

  @Test
  void refusesRulesThatNobodyCouldHold() {
    assertThat(refused("{'name': 'a', 'type': 'array', 'validation': {'items': 'number'}}"))
        .anyMatch(fault -> fault.startsWith("input_fields.0: validation.items"));
    assertThat(refused("{'name': 'a', 'validation': {'multipleOf': 0}}"))
        .anyMatch(fault -> fault.startsWith("input_fields.0: validation.multipleOf"));
    assertThat(refused("{'name': 'a', 'validation': {'$ref': '#/properties/a'}}"))
        .singleElement()
        .asString()
        .contains("without end");
    assertThat(refused("{'name': 'a', 'validation': {'$ref': '#/$defs/gone'}}"))
        .singleElement()
        .asString()
        .contains("/$defs/gone cannot be resolved");
    assertThat(refused("{'name': 'a', 'type': 'array', 'validation': {'items': {'pattern': '('}}}"))
        .isNotEmpty();
    assertThat(
            refused("{'name': 'a', 'type': 'int', 'default': 7, 'validation': {'multipleOf': 2}}"))
        .containsExactly("input_fields.0: default: Value 7 is not a multiple of 2");
  }

  private static List<String> refused(String field) {
    return read("{\"input_fields\": [" + field.replace('\'', '"') + "]}").findings().stream()
        .map(String::valueOf)
        .toList();
  }

  private static List<String> faults(String fields, String inputs) {
    return form(fields).faults(json(inputs)).stream()
        .map(fault -> fault.path() + ": " + fault.reason())
        .toList();
  }

  private static InputForm form(String fields) {
    Reading<Workflow> reading = read(fields);
    assertThat(reading.findings()).isEmpty();
    return Objects.requireNonNull(reading.document()).form();
  }

  private static Reading<Workflow> read(String fields) {
    ObjectNode workflow =
        json("{'name': 'w', 'strategy_definition': {'steps': [{'name': 'only'}]}}");
    workflow.setAll(json(fields));
    return WorkflowReading.read(workflow);
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) Json.read(text.replace('\'', '"'));
  }
}
