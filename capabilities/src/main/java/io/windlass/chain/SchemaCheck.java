package io.windlass.chain;

import io.windlass.chain.Shape.Field;
import io.windlass.definition.Finding;
import io.windlass.kernel.Json;
import io.windlass.kernel.Nearest;
import io.windlass.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds a tree against a {@link Shape}: collects every fault and every unknown field, and copies
 * the tree with scalars turned into the texts that they stand for and empty fields left out.
 */
public final class SchemaCheck {
  private static final int MAX_FINDINGS = 200;
  private final List<Finding> findings = new ArrayList<>();

  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  public JsonNode check(String path, Shape shape, JsonNode node) {
    return switch (shape) {
      case Shape.Anything _ -> node;
      case Shape.Text text -> text(path, text, node);
      case Shape.TextOrJson _ -> Json.text(Json.show(node));
      case Shape.OneOf oneOf -> oneOf(path, oneOf, node);
      case Shape.Formed formed -> formed(path, formed, node);
      case Shape.Number number -> number(path, number, node);
      case Shape.Flag _ -> {
        if (!node.isBoolean()) {
          fault(path, "expected true or false, got " + describe(node), "type: boolean");
        }
        yield node;
      }
      case Shape.ListOf list -> list(path, list, node);
      case Shape.MapOf map -> map(path, map, node);
      case Shape.Fields fields -> fields(path, fields, node);
      case Shape.Either either -> either(path, either, node);
    };
  }

  /** A document's 1.0 stays that: it may be a version. */
  private static String written(JsonNode scalar) {
    boolean shortened = scalar.isBigDecimal() && scalar.decimalValue().scale() < 0;
    return shortened ? Json.show(scalar) : scalar.toString();
  }

  private JsonNode text(String path, Shape.Text text, JsonNode node) {
    if (text.anyScalar() && (node.isNumber() || node.isBoolean())) {
      return Json.text(written(node));
    }
    if (!node.isString()) {
      String hint = node.isObject() ? "; put quotes around a text that begins with {" : "";
      fault(path, "expected text, got " + describe(node) + hint, "type: string");
    } else if (node.stringValue().length() < text.minLength()) {
      fault(path, "must not be empty", "minLength: " + text.minLength());
    }
    return node;
  }

  private JsonNode oneOf(String path, Shape.OneOf oneOf, JsonNode node) {
    if (!node.isString() || !oneOf.choices().contains(node.stringValue())) {
      fault(
          path,
          "expected one of %s; got %s%s"
              .formatted(
                  String.join(", ", oneOf.choices()),
                  describe(node),
                  node.isString() ? Nearest.hint(node.stringValue(), oneOf.choices()) : ""),
          "enum: " + oneOf.choices());
    }
    return node;
  }

  private JsonNode formed(String path, Shape.Formed formed, JsonNode node) {
    if (!node.isString() || !formed.form().matcher(node.stringValue()).matches()) {
      fault(
          path,
          "expected %s; got %s".formatted(formed.expected(), describe(node)),
          "pattern: " + formed.form());
    }
    return node;
  }

  private JsonNode number(String path, Shape.Number number, JsonNode node) {
    if (!node.isNumber()) {
      fault(path, "expected a number, got " + describe(node), "type: number");
    } else {
      double value = node.doubleValue();
      if (number.whole() && value != Math.rint(value)) {
        fault(path, "expected a whole number, got " + node, "type: integer");
      }
      if (value < number.min() || !(Math.abs(value) <= 1e15)) {
        String min = Json.show(Json.tree((long) number.min()));
        fault(
            path,
            "expected a number from %s up to 1e15, got %s".formatted(min, describe(node)),
            "minimum: %s, maximum: 1e15".formatted(min));
      }
    }
    return node;
  }

  private JsonNode list(String path, Shape.ListOf list, JsonNode node) {
    if (!node.isArray()) {
      fault(path, "expected a list, got " + describe(node), "type: array");
      return node;
    }
    ArrayNode copy = Json.MAPPER.createArrayNode();
    for (int i = 0; i < node.size(); i++) {
      copy.add(check(path + "." + i, list.element(), node.get(i)));
    }
    return copy;
  }

  private JsonNode map(String path, Shape.MapOf map, JsonNode node) {
    if (!node.isObject()) {
      fault(path, "expected an object, got " + describe(node), "type: object");
      return node;
    }
    ObjectNode copy = Json.object();
    node.properties()
        .forEach(entry ->
            copy.set(
                entry.getKey(), check(path + "." + entry.getKey(), map.value(), entry.getValue())));
    return copy;
  }

  private JsonNode fields(String path, Shape.Fields shape, JsonNode node) {
    if (!node.isObject()) {
      fault(path, "expected an object, got " + describe(node), "type: object");
      return node;
    }
    ObjectNode copy = Json.object();
    shape
        .fields()
        .forEach((name, field) -> {
          if (field.required() && isNothing(node.get(name))) {
            fault(join(path, name), "is required", "required");
          }
        });
    node.properties()
        .forEach(entry -> {
          Field field = shape.fields().get(entry.getKey());
          if (entry.getValue().isNull()) {
            return;
          }
          String inner = join(path, entry.getKey());
          if (field == null) {
            copy.set(entry.getKey(), entry.getValue());
            if (!shape.open()) {
              add(new Finding(inner, "unknown field, it has no effect", false));
            }
          } else {
            copy.set(entry.getKey(), check(inner, field.shape(), entry.getValue()));
          }
        });
    return copy;
  }

  private JsonNode either(String path, Shape.Either either, JsonNode node) {
    for (Shape shape : List.of(either.first(), either.second())) {
      if (fitsOutside(shape, node)) {
        return check(path, shape, node);
      }
    }
    fault(path, "expected %s, got %s".formatted(either.expected(), describe(node)));
    return node;
  }

  private static boolean fitsOutside(Shape shape, JsonNode node) {
    return switch (shape) {
      case Shape.ListOf _ -> node.isArray();
      case Shape.MapOf _, Shape.Fields _ -> node.isObject();
      case Shape.Flag _ -> node.isBoolean();
      case Shape.Number _ -> node.isNumber();
      case Shape.Text _, Shape.OneOf _, Shape.Formed _ -> node.isString();
      case Shape.TextOrJson _, Shape.Either _, Shape.Anything _ -> true;
    };
  }

  public void fault(String path, String reason) {
    fault(path, reason, null);
  }

  private void fault(String path, String reason, @Nullable String constraint) {
    add(new Finding(path.isEmpty() ? "document" : path, reason, true, constraint));
  }

  private void add(Finding finding) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(finding);
    }
  }

  public static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case NULL, MISSING -> "nothing";
      case BOOLEAN, NUMBER -> Excerpt.of(node.toString(), 80);
      case STRING, BINARY, POJO -> "\"" + Excerpt.of(node.asString(), 80) + "\"";
    };
  }

  private static boolean isNothing(@Nullable JsonNode node) {
    return node == null || node.isNull();
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
