package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the fields of requests: a wrong one in a body is 422 with details, one in a query 400. */
final class Fields {
  private static final int SHOWN = 80;

  private Fields() {}

  static @Nullable String text(ObjectNode body, String name) {
    JsonNode value = present(body, name);
    if (value != null && !value.isString()) {
      throw wrong(name, "type: string", value);
    }
    return value == null ? null : value.stringValue();
  }

  /** One that must be there and not be blank. */
  static String required(ObjectNode body, String name) {
    String text = text(body, name);
    if (text == null || text.isBlank()) {
      throw invalid(name, "Field '%s' is required".formatted(name), null, "required");
    }
    return text;
  }

  static boolean flag(ObjectNode body, String name, boolean fallback) {
    JsonNode value = present(body, name);
    if (value != null && !value.isBoolean()) {
      throw wrong(name, "type: boolean", value);
    }
    return value == null ? fallback : value.booleanValue();
  }

  /** A number within bounds. */
  static double number(ObjectNode body, String name, double fallback, double least, double most) {
    JsonNode value = present(body, name);
    if (value == null) {
      return fallback;
    }
    if (!value.isNumber()) {
      throw wrong(name, "type: number", value);
    }
    if (value.doubleValue() < least || value.doubleValue() > most) {
      throw wrong(name, "minimum: %s, maximum: %s".formatted(plain(least), plain(most)), value);
    }
    return value.doubleValue();
  }

  /** An object; an empty one when it is not there. */
  static ObjectNode object(ObjectNode body, String name) {
    return switch (present(body, name)) {
      case null -> Json.object();
      case ObjectNode object -> object;
      case JsonNode other -> throw wrong(name, "type: object", other);
    };
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

  /** A text of the query; null when it is missing or blank. */
  static @Nullable String query(Context context, String name) {
    String given = context.queryParam(name);
    return given == null || given.isBlank() ? null : given.strip();
  }

  /** One field of a body is not as it must be. */
  static WindlassException invalid(
      String field, String message, @Nullable JsonNode value, String constraint) {
    return WindlassException.invalid(
        message, List.of(new Fault(field, message, value, constraint)));
  }

  private static WindlassException wrong(String name, String constraint, JsonNode value) {
    String shown = value.toString();
    String cut = shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown;
    return invalid(
        name,
        "Invalid input: field '%s' must fit %s, but it is %s".formatted(name, constraint, cut),
        value.isContainer() ? null : value,
        constraint);
  }

  private static WindlassException badQuery(
      String name, String given, int least, @Nullable Throwable cause) {
    return Seen.bad(name, given.strip(), "a whole number from %d on".formatted(least), cause);
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private static @Nullable JsonNode present(ObjectNode body, String name) {
    JsonNode value = body.get(name);
    return value == null || value.isNull() ? null : value;
  }
}
