package io.windlass.surface.chains;

import io.javalin.http.Context;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the fields of requests and says what is wrong with them. */
final class Fields {
  private Fields() {}

  static @Nullable String text(ObjectNode body, String name) {
    JsonNode value = present(body, name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw wrong(name, "a text", value);
    }
    return value.stringValue();
  }

  static @Nullable Boolean flag(ObjectNode body, String name) {
    JsonNode value = present(body, name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw wrong(name, "true or false", value);
    }
    return value.booleanValue();
  }

  static @Nullable Long number(ObjectNode body, String name) {
    JsonNode value = present(body, name);
    if (value == null) {
      return null;
    }
    if (!value.canConvertToLong() || !value.isIntegralNumber() || value.longValue() < 0) {
      throw wrong(name, "a whole number, not negative", value);
    }
    return value.longValue();
  }

  static @Nullable ObjectNode object(ObjectNode body, String name) {
    JsonNode value = present(body, name);
    if (value == null) {
      return null;
    }
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw wrong(name, "a JSON object", value);
  }

  static <E extends Enum<E>> @Nullable E word(ObjectNode body, String name, Class<E> type) {
    String text = text(body, name);
    if (text == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text.toUpperCase(Locale.ROOT))) {
        return constant;
      }
    }
    String choices = String.join(", ", words(type.getEnumConstants()));
    throw WindlassException.invalid(name + " must be one of " + choices + ", not " + text);
  }

  /** The {@code input} field; none counts as an empty one. */
  static ObjectNode input(ObjectNode body) {
    ObjectNode input = object(body, "input");
    return input == null ? Json.object() : input;
  }

  /** A whole number of the query; over the most it is cut to the most. */
  static int query(Context context, String name, int fallback, int least, int most) {
    String given = context.queryParam(name);
    if (given == null || given.isBlank()) {
      return fallback;
    }
    try {
      long value = Long.parseLong(given.strip());
      if (value >= least) {
        return (int) Math.min(value, most);
      }
    } catch (NumberFormatException e) {
      throw badQuery(name, given, least, e);
    }
    throw badQuery(name, given, least, null);
  }

  private static WindlassException badQuery(
      String name, String given, int least, @Nullable Throwable cause) {
    return new WindlassException(
        ErrorCode.INVALID_INPUT,
        name + " must be a whole number from " + least + " on, not " + given,
        cause);
  }

  private static @Nullable JsonNode present(ObjectNode body, String name) {
    JsonNode value = body.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static WindlassException wrong(String name, String expected, JsonNode value) {
    String shown = value.toString();
    String cut = shown.length() > 80 ? shown.substring(0, 80) + "…" : shown;
    return WindlassException.invalid(name + " must be " + expected + ", not " + cut);
  }

  private static <E extends Enum<E>> String[] words(E[] constants) {
    String[] words = new String[constants.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = constants[i].name().toLowerCase(Locale.ROOT);
    }
    return words;
  }
}
