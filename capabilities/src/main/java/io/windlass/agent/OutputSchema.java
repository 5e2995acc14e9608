package io.windlass.agent;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.Excerpt;
import io.windlass.tool.SchemaWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code output_schema} demands of an answer: JSON of any form, or JSON that fits a schema.
 *
 * @param source the schema; null when any JSON will do
 */
record OutputSchema(@Nullable ObjectNode source, @Nullable Schema schema) {
  private static final int SHOWN = 10;
  private static final int LONGEST = 5_000_000;

  /** The demand of a step's fields; empty when the answer is free. */
  static Optional<OutputSchema> of(ObjectNode fields) {
    JsonNode given = fields.path("output_schema");
    if (given instanceof ObjectNode object) {
      return Optional.of(new OutputSchema(object, compile(object)));
    }
    return given.asString("").equals("json")
        ? Optional.of(new OutputSchema(null, null))
        : Optional.empty();
  }

  /** Whether the field wants JSON of any form. */
  static boolean wantsJson(ObjectNode fields) {
    String given = Json.show(fields.get("output_schema"));
    return !given.isEmpty() && !given.equals("text") && !given.equals("markdown");
  }

  /** What keeps the field from being used; nothing when it can be. */
  static List<String> faults(ObjectNode fields) {
    if (!(fields.path("output_schema") instanceof ObjectNode object)) {
      return List.of();
    }
    List<String> faults = new ArrayList<>();
    try {
      // A schema is held against the schema of schemas; references elsewhere are not followed.
      Schema meta =
          registry()
              .getSchema(
                  com.networknt.schema.SchemaLocation.of(
                      "https://json-schema.org/draft/2020-12/schema"));
      meta.validate(object).stream()
          .limit(SHOWN)
          .forEach(error ->
              faults.add(
                  "output_schema: is no JSON Schema: " + SchemaWords.of(error, "the schema")));
      if (faults.isEmpty()) {
        compile(object).validate(Json.object());
      }
    } catch (RuntimeException e) {
      faults.add("output_schema: is no usable JSON Schema: " + Excerpt.of(e.toString(), 300));
    }
    return faults;
  }

  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  }

  private static Schema compile(ObjectNode source) {
    try {
      return registry().getSchema(source);
    } catch (SchemaException e) {
      throw WindlassException.invalid(
          "output_schema: " + Excerpt.of(String.valueOf(e.getMessage()), 300));
    }
  }

  /** What is wrong with an answer; nothing when it fits. A code fence around it is no fault. */
  List<String> faults(String answer) {
    if (answer.length() > LONGEST) {
      return List.of("it has more than " + LONGEST + " characters");
    }
    JsonNode tree;
    try {
      tree = Json.read(unfenced(answer));
    } catch (WindlassException e) {
      return List.of("it is no valid JSON");
    }
    if (tree.isMissingNode()) {
      return List.of("it is empty, not JSON");
    }
    if (schema == null) {
      return List.of();
    }
    try {
      return schema.validate(tree).stream()
          .limit(SHOWN)
          .map(error -> SchemaWords.of(error, "the answer"))
          .toList();
    } catch (SchemaException e) {
      return List.of("it could not be checked: " + Excerpt.of(String.valueOf(e.getMessage()), 300));
    }
  }

  private static String unfenced(String answer) {
    String text = answer.strip();
    return text.startsWith("```") && text.endsWith("```") && text.indexOf('\n') > 0
        ? text.substring(text.indexOf('\n'), text.length() - 3)
        : text;
  }
}
