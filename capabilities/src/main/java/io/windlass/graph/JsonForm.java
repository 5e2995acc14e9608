package io.windlass.graph;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a JSON Schema demands of values; references to elsewhere are not followed. */
final class JsonForm {
  private static final int TOLD = 100;
  private static final int SHOWN = 300;
  private static final String META = "https://json-schema.org/draft/2020-12/schema";
  private final Schema schema;

  private JsonForm(Schema schema) {
    this.schema = schema;
  }

  static JsonForm of(ObjectNode source) {
    return new JsonForm(Registry.fresh().getSchema(source));
  }

  /** Why a schema cannot be used, as {@code path: reason}; nothing when it can. */
  static List<Fault> faultsOf(ObjectNode source) {
    try {
      Schema meta = Registry.ONLY.getSchema(SchemaLocation.of(META));
      List<Fault> faults = told("", meta.validate(source));
      if (faults.isEmpty()) {
        var _ = of(source).faults("", Json.object());
      }
      return faults;
    } catch (RuntimeException e) {
      return List.of(new Fault("", "is no usable JSON Schema: " + reason(e)));
    }
  }

  /**
   * Where a value does not fit, all places at once.
   *
   * @param name what the value is called, as {@code input}; begins each path
   */
  List<Fault> faults(String name, JsonNode value) {
    try {
      return told(name, schema.validate(value));
    } catch (RuntimeException e) {
      return List.of(new Fault(name, "could not be checked: " + reason(e)));
    }
  }

  private static List<Fault> told(String name, List<Error> errors) {
    List<Fault> faults = new ArrayList<>();
    for (Error error : errors.subList(0, Math.min(TOLD, errors.size()))) {
      String place = String.valueOf(error.getInstanceLocation()).replace('/', '.');
      String property = error.getProperty() == null ? "" : "." + error.getProperty();
      String path = name + place + property;
      faults.add(
          new Fault(
              path.startsWith(".") ? path.substring(1) : path,
              Excerpt.of(String.valueOf(error.getMessage()), SHOWN),
              value(error),
              constraint(error)));
    }
    return faults;
  }

  private static @Nullable JsonNode value(Error error) {
    JsonNode value = error.getInstanceNode();
    boolean tells =
        value != null
            && value.isValueNode()
            && !value.isNull()
            && value.toString().length() <= SHOWN;
    return tells ? value : null;
  }

  /** The rule that was broken, as {@code minimum: 0}. */
  private static @Nullable String constraint(Error error) {
    String keyword = error.getKeyword();
    JsonNode rule = error.getSchemaNode();
    boolean alone = rule == null || rule.isObject() || "required".equals(keyword);
    return keyword == null || alone
        ? keyword
        : keyword
            + ": "
            + Excerpt.of(rule.isString() ? rule.stringValue() : rule.toString(), SHOWN);
  }

  private static String reason(RuntimeException e) {
    return Excerpt.of(String.valueOf(e.getMessage()), SHOWN);
  }

  /**
   * Registries fetch nothing. Each schema has its own, since they keep schemas by the ids that
   * these give themselves; the schema of schemas is made at its first use.
   */
  private static final class Registry {
    static final SchemaRegistry ONLY = fresh();

    static SchemaRegistry fresh() {
      return SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()));
    }
  }
}
