package io.windlass.kernel;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/**
 * Writes the numbers of a value as people do: 12500000.5 and 0.0005, not 1.25000005E7 and 5.0E-4,
 * and 1 for 1.0. Very large and very small ones keep their exponent.
 */
final class JsonNumbers {
  /** More digits than this before or after the point are written with an exponent. */
  private static final int MOST_DIGITS = 20;

  private JsonNumbers() {}

  /** As JSON on one line. */
  static String plain(JsonNode value) {
    if (!holdsDecimal(value)) {
      return value.toString();
    }
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static boolean holdsDecimal(JsonNode value) {
    if (value.isContainer()) {
      for (JsonNode one : value) {
        if (holdsDecimal(one)) {
          return true;
        }
      }
      return false;
    }
    return value.isFloatingPointNumber();
  }

  private static void write(JsonNode value, StringBuilder out) {
    if (value.isArray()) {
      String before = "[";
      for (JsonNode one : value) {
        write(one, out.append(before));
        before = ",";
      }
      out.append(value.isEmpty() ? "[]" : "]");
    } else if (value.isObject()) {
      String before = "{";
      for (var field : value.properties()) {
        out.append(before).append(Json.text(field.getKey())).append(':');
        write(field.getValue(), out);
        before = ",";
      }
      out.append(value.isEmpty() ? "{}" : "}");
    } else {
      out.append(value.isFloatingPointNumber() ? decimal(value) : value.toString());
    }
  }

  private static String decimal(JsonNode value) {
    if (!value.isBigDecimal() && !Double.isFinite(value.doubleValue())) {
      return Double.toString(value.doubleValue());
    }
    BigDecimal exact = value.decimalValue().stripTrailingZeros();
    return Math.abs((long) exact.scale()) <= MOST_DIGITS ? exact.toPlainString() : exact.toString();
  }
}
