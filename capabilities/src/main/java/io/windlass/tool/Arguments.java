package io.windlass.tool;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a tool call's arguments as a model wrote them and holds them against the tool's schema. */
public final class Arguments {
  private static final Logger log = LoggerFactory.getLogger(Arguments.class);
  private static final int TOLD = 10;
  private static final int SHOWN = 300;

  private Arguments() {}

  /**
   * Arguments, or what is wrong with them.
   *
   * @param values empty when they are no JSON object
   * @param fault in words for the model; null when they can be used
   */
  public record Read(ObjectNode values, @Nullable String fault) {}

  /** Whether the text is a JSON object. */
  public static boolean isObject(String text) {
    return parse(text) instanceof ObjectNode;
  }

  /** Reads the text and checks it; no text at all counts as no arguments. */
  public static Read read(String text, ObjectNode schema) {
    JsonNode parsed = text.isBlank() ? Json.object() : parse(text);
    if (!(parsed instanceof ObjectNode values)) {
      return new Read(
          Json.object(),
          "The arguments must be one JSON object, and these are not: "
              + Excerpt.of(text.strip(), SHOWN));
    }
    List<String> faults = faults(values, schema);
    return new Read(
        values, faults.isEmpty() ? null : "The arguments do not fit: " + String.join("; ", faults));
  }

  /** How a value fails its schema, at most ten faults; none when the schema itself is unusable. */
  public static List<String> faults(JsonNode value, JsonNode schema) {
    try {
      List<Error> errors = Registry.ONLY.getSchema(schema).validate(value);
      return errors.stream()
          .limit(TOLD)
          .map(error -> SchemaWords.of(error, ""))
          .collect(Collectors.toList());
    } catch (SchemaException | IllegalArgumentException e) {
      log.warn("A tool's schema cannot be used, so its arguments go unchecked: {}", e.toString());
      return List.of();
    }
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Made at its first use; it fetches nothing. */
  private static final class Registry {
    static final SchemaRegistry ONLY =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()));
  }
}
