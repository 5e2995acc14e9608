package io.windlass.surface.unified;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the fields of a JSON body and collects what is wrong with them; null counts as absent. */
final class Fields {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,30}(\\.\\d{1,30})?");
  private final ObjectNode body;
  private final Faults faults = new Faults();

  Fields(ObjectNode body) {
    this.body = body;
  }

  @Nullable JsonNode any(String name) {
    JsonNode value = body.get(name);
    return value == null || value.isNull() ? null : value;
  }

  @Nullable String text(String name) {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      wrongType(name, "text", value);
      return null;
    }
    return value.stringValue();
  }

  /** The text, or an empty one and a fault. */
  String required(String name) {
    String value = text(name);
    if (value == null || value.isBlank()) {
      if (any(name) == null || value != null) {
        faults.add(name, "is required");
      }
      return "";
    }
    return value;
  }

  @Nullable ObjectNode object(String name) {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    if (value instanceof ObjectNode object) {
      return object;
    }
    wrongType(name, "an object", value);
    return null;
  }

  @Nullable Boolean flag(String name) {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      wrongType(name, "true or false", value);
      return null;
    }
    return value.booleanValue();
  }

  @Nullable Long wholeNumber(String name) {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      wrongType(name, "a whole number from 0", value);
      return null;
    }
    return value.longValue();
  }

  /** A number from 0, or a text that is one. */
  @Nullable BigDecimal amount(String name) {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    BigDecimal amount = null;
    if (value.isNumber()) {
      amount = value.decimalValue();
    } else if (value.isString() && NUMBER.matcher(value.stringValue()).matches()) {
      amount = new BigDecimal(value.stringValue());
    }
    if (amount == null || amount.signum() < 0) {
      wrongType(name, "a number from 0", value);
      return null;
    }
    return amount;
  }

  <E extends Enum<E>> @Nullable E word(String name, Class<E> type) {
    String word = text(name);
    if (word == null) {
      return null;
    }
    E constant = Words.parse(word, type);
    if (constant == null) {
      faults.add(name, "'" + word + "' is not one of " + Words.all(type));
    }
    return constant;
  }

  void fault(String name, String reason) {
    faults.add(name, reason);
  }

  /** Throws INVALID_INPUT when anything was wrong; to be called once everything was read. */
  void check() {
    faults.check();
  }

  private void wrongType(String name, String wanted, JsonNode value) {
    String shown = value.isContainer() ? "" : " " + value;
    String type = value.getNodeType().name().toLowerCase(Locale.ROOT);
    faults.add(name, "must be " + wanted + ", but it is " + type + shown);
  }
}
