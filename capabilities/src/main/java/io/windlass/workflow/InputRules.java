package io.windlass.workflow;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.regex.RegularExpression;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds inputs against the JSON Schema that clients see of them, formats included. References to
 * elsewhere are not followed.
 */
final class InputRules {
  private static final String META = "https://json-schema.org/draft/2020-12/schema";
  private static final int MOST = 200;
  private static final int SHOWN = 300;

  /** A pattern is tried on at most so much text, for some take for ever. */
  private static final int PATTERN_LIMIT = 10_000;

  /** One of each type, for rules that come to no end show that on values only. */
  private static final List<JsonNode> SAMPLES =
      List.of(
          Json.text(""),
          Json.tree(0),
          Json.tree(true),
          Json.tree(List.of("")),
          Json.object().put("a", ""));

  private final Schema schema;

  private InputRules(Schema schema) {
    this.schema = schema;
  }

  static InputRules of(ObjectNode source) {
    return new InputRules(Registry.fresh().getSchema(source));
  }

  /** Why the schema of a form cannot be held, each under the name of a field, or none. */
  static List<Fault> faultsOf(ObjectNode source) {
    List<Fault> faults = new ArrayList<>();
    for (Error error : Registry.META_SCHEMA.validate(source)) {
      NodePath place = error.getInstanceLocation();
      String field = place.getNameCount() > 1 ? element(place, 1) : "";
      faults.add(new Fault(field, "validation%s: %s".formatted(rest(place, 2), words(error))));
    }
    if (!faults.isEmpty()) {
      return faults;
    }
    try {
      InputRules rules = of(source);
      for (JsonNode sample : SAMPLES) {
        ObjectNode inputs = Json.object();
        source.path("properties").propertyNames().forEach(name -> inputs.set(name, sample));
        var _ = rules.schema.validate(inputs);
      }
      return List.of();
    } catch (RuntimeException | StackOverflowError e) {
      return List.of(new Fault("", "validation cannot be used: " + reason(e)));
    }
  }

  /** Every rule that the inputs break, each under the dotted path of its place. */
  List<Fault> faults(ObjectNode inputs) {
    List<Error> errors;
    try {
      errors = schema.validate(inputs);
    } catch (RuntimeException | StackOverflowError e) {
      return List.of(new Fault("inputs", "could not be checked: " + reason(e)));
    }
    Set<String> mistyped = new HashSet<>();
    for (Error error : errors) {
      if (error.getKeyword().equals("type")) {
        mistyped.add(error.getInstanceLocation().toString());
      }
    }
    List<Fault> faults = new ArrayList<>();
    for (Error error : errors) {
      boolean tells =
          error.getKeyword().equals("type")
              || !mistyped.contains(error.getInstanceLocation().toString());
      if (tells && faults.size() < MOST) {
        faults.add(fault(error));
      }
    }
    return faults;
  }

  private static Fault fault(Error error) {
    JsonNode value = error.getInstanceNode();
    JsonNode rule = error.getSchemaNode();
    String place = rest(error.getInstanceLocation(), 0);
    if (error.getKeyword().equals("required")) {
      String path = (place + "." + error.getProperty()).substring(1);
      return new Fault(path, FieldCheck.MISSING, null, "required");
    }
    return new Fault(
        place.isEmpty() ? "inputs" : place.substring(1),
        FieldCheck.reason(error.getKeyword(), rule, value, words(error)),
        value.isContainer() ? null : value,
        FieldCheck.constraint(error.getKeyword(), rule));
  }

  private static String rest(NodePath place, int from) {
    StringBuilder rest = new StringBuilder();
    for (int i = from; i < place.getNameCount(); i++) {
      rest.append('.').append(element(place, i));
    }
    return rest.toString();
  }

  private static String element(NodePath place, int index) {
    return String.valueOf(place.getElement(index));
  }

  private static String words(Error error) {
    return Excerpt.of(String.valueOf(error.getMessage()), SHOWN);
  }

  private static String reason(Throwable e) {
    return e instanceof StackOverflowError
        ? "its rules refer to each other without end"
        : Excerpt.of(String.valueOf(e.getMessage()), SHOWN);
  }

  /**
   * Registries fetch nothing. Each schema has its own, since they keep schemas by the ids that
   * these give themselves; the schema of schemas is made at its first use.
   */
  private static final class Registry {
    static final Schema META_SCHEMA = fresh().getSchema(SchemaLocation.of(META));

    static SchemaRegistry fresh() {
      SchemaRegistryConfig config =
          SchemaRegistryConfig.builder()
              .locale(Locale.ENGLISH)
              .formatAssertionsEnabled(true)
              .losslessNarrowing(true)
              .regularExpressionFactory(Registry::expression)
              .build();
      return SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
    }

    private static RegularExpression expression(String regex) {
      Pattern pattern = Pattern.compile(regex);
      return text -> pattern.matcher(Excerpt.head(text, PATTERN_LIMIT)).find();
    }
  }
}
