package io.windlass.workflow;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.Excerpt;
import io.windlass.tool.SchemaWords;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a step's {@code output_schema} demands of its result. References are not followed. */
final class OutputForm {
  private static final String META = "https://json-schema.org/draft/2020-12/schema";
  private static final int TOLD = 10;
  private static final int SHOWN = 300;
  private final ObjectNode source;
  private final Schema schema;

  private OutputForm(ObjectNode source, Schema schema) {
    this.source = source;
    this.schema = schema;
  }

  static OutputForm of(ObjectNode source) {
    return new OutputForm(source, registry().getSchema(source));
  }

  /** Why a schema cannot be used; nothing when it can. */
  static List<String> faultsOf(ObjectNode source) {
    try {
      List<String> faults =
          told("the schema", registry().getSchema(SchemaLocation.of(META)).validate(source));
      return faults.isEmpty() ? of(source).tried() : faults;
    } catch (RuntimeException e) {
      return List.of(
          "is no usable JSON Schema: " + Excerpt.of(String.valueOf(e.getMessage()), SHOWN));
    }
  }

  private List<String> tried() {
    schema.validate(Json.object());
    return List.of();
  }

  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  }

  /** What is wrong with a result. */
  List<String> faults(JsonNode result) {
    try {
      return told("the answer", schema.validate(result));
    } catch (RuntimeException e) {
      return List.of("could not be checked: " + Excerpt.of(String.valueOf(e.getMessage()), SHOWN));
    }
  }

  /**
   * The structure of a result that is told as text. Where an object is wanted and there is a text
   * alone, it becomes the first property that takes one.
   */
  JsonNode read(JsonNode result) {
    if (!result.isString() || source.path("type").asString("object").equals("string")) {
      return result;
    }
    JsonNode json = json(result.stringValue());
    if (json != null) {
      return json;
    }
    for (var property : source.path("properties").properties()) {
      if (property.getValue().path("type").asString("").equals("string")) {
        ObjectNode wrapped = Json.object();
        wrapped.set(property.getKey(), result);
        return wrapped;
      }
    }
    return result;
  }

  /** What a text says that is JSON, with or without a fence around it; null for other texts. */
  private static @Nullable JsonNode json(String text) {
    String plain = text.strip();
    if (plain.startsWith("```") && plain.endsWith("```") && plain.indexOf('\n') > 0) {
      plain = plain.substring(plain.indexOf('\n'), plain.length() - 3);
    }
    if (plain.isBlank()) {
      return null;
    }
    try {
      return Json.read(plain);
    } catch (WindlassException e) {
      return null;
    }
  }

  private static List<String> told(String root, List<Error> errors) {
    return errors.stream().limit(TOLD).map(error -> SchemaWords.of(error, root)).toList();
  }
}
