package io.windlass.graph;

import io.windlass.chain.SchemaCheck;
import io.windlass.kernel.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One value of a graph's state, and how updates become part of it.
 *
 * @param initial its value at the start
 */
record Channel(String name, Type type, Reducer reducer, JsonNode initial) {
  private static final int MOST_DIGITS = 1_000;

  enum Type {
    ANY,
    STRING,
    NUMBER,
    INTEGER,
    BOOLEAN,
    ARRAY,
    OBJECT;

    static Type of(String word) {
      return switch (word) {
        case "list" -> ARRAY;
        case "text" -> STRING;
        default -> valueOf(word.toUpperCase(Locale.ROOT));
      };
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  enum Reducer {
    REPLACE(Type.ANY),
    APPEND(Type.ARRAY),
    MERGE(Type.OBJECT),
    ADD(Type.NUMBER);

    /** What a channel of a reducer holds. */
    final Type type;

    Reducer(Type type) {
      this.type = type;
    }

    boolean suits(Type other) {
      return this == REPLACE || other == type || (this == ADD && other == Type.INTEGER);
    }
  }

  /** A value that a channel cannot take; the message says why. */
  static final class Misfit extends Exception {
    private static final long serialVersionUID = 1;

    Misfit(String reason) {
      super(reason, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** A channel that nobody declared. */
  static Channel plain(String name) {
    return new Channel(name, Type.ANY, Reducer.REPLACE, JsonNodeFactory.instance.nullNode());
  }

  /** What a channel of this reducer holds while nothing has been written. */
  static JsonNode nothing(Reducer reducer) {
    return switch (reducer) {
      case REPLACE -> JsonNodeFactory.instance.nullNode();
      case APPEND -> JsonNodeFactory.instance.arrayNode();
      case MERGE -> Json.object();
      case ADD -> JsonNodeFactory.instance.numberNode(0);
    };
  }

  /** A value as the channel's whole content. */
  JsonNode whole(JsonNode value) throws Misfit {
    return value.isNull() ? nothing(reducer) : fitted(value);
  }

  /** A value as an update of the channel, so that {@link #reduce} can take it in. */
  JsonNode update(JsonNode value) throws Misfit {
    return value.isNull() || reducer == Reducer.APPEND ? value : fitted(value);
  }

  /** The content once an update is taken in; null does nothing unless it replaces. */
  JsonNode reduce(Optional<JsonNode> before, JsonNode update) {
    if (reducer == Reducer.REPLACE) {
      return update;
    }
    JsonNode old = before.filter(value -> !value.isNull()).orElseGet(() -> nothing(reducer));
    if (update.isNull()) {
      return old;
    }
    return switch (reducer) {
      case APPEND -> append(old, update);
      case MERGE ->
          old instanceof ObjectNode known && update instanceof ObjectNode more
              ? merge(known, more)
              : update;
      case ADD -> old.isNumber() && update.isNumber() ? sum(old, update) : update;
      case REPLACE -> update;
    };
  }

  private static JsonNode append(JsonNode old, JsonNode update) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode(old.size() + 1);
    if (old instanceof ArrayNode items) {
      list.addAll(items);
    } else {
      list.add(old);
    }
    if (update instanceof ArrayNode items) {
      list.addAll(items);
    } else {
      list.add(update);
    }
    return list;
  }

  private static JsonNode merge(ObjectNode old, ObjectNode update) {
    ObjectNode merged = Json.object();
    merged.setAll(old);
    merged.setAll(update);
    return merged;
  }

  private static JsonNode sum(JsonNode old, JsonNode update) {
    return number(old.decimalValue().add(update.decimalValue()));
  }

  /** In one form, so that it is the same after it was journalled and read back. */
  private static JsonNode number(BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    if (plain.scale() <= 0) {
      BigInteger whole = plain.toBigInteger();
      return whole.bitLength() < Long.SIZE
          ? JsonNodeFactory.instance.numberNode(whole.longValue())
          : JsonNodeFactory.instance.numberNode(whole);
    }
    return JsonNodeFactory.instance.numberNode(plain);
  }

  private JsonNode fitted(JsonNode value) throws Misfit {
    return switch (type) {
      case ANY -> value;
      case STRING -> value.isString() ? value : Json.text(Json.show(value));
      case NUMBER -> number(decimal(value));
      case INTEGER -> {
        JsonNode number = number(decimal(value));
        if (!number.isIntegralNumber()) {
          throw misfit(value);
        }
        yield number;
      }
      case BOOLEAN -> {
        JsonNode read = value.isString() ? flag(value.stringValue()) : value;
        if (!read.isBoolean()) {
          throw misfit(value);
        }
        yield read;
      }
      case ARRAY -> {
        JsonNode read = Answer.json(value);
        if (read == null || !read.isArray()) {
          throw misfit(value);
        }
        yield read;
      }
      case OBJECT -> {
        JsonNode read = Answer.json(value);
        if (read == null || !read.isObject()) {
          throw misfit(value);
        }
        yield read;
      }
    };
  }

  private BigDecimal decimal(JsonNode value) throws Misfit {
    String text = value.isNumber() ? value.toString() : Json.show(value).strip();
    try {
      BigDecimal number = new BigDecimal(text);
      if (Math.abs((long) number.scale()) <= MOST_DIGITS && number.precision() <= MOST_DIGITS) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw misfit(value);
    }
    throw misfit(value);
  }

  private static JsonNode flag(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes" -> JsonNodeFactory.instance.booleanNode(true);
      case "false", "no" -> JsonNodeFactory.instance.booleanNode(false);
      default -> Json.text(text);
    };
  }

  /** Its type as documents have it. */
  String typeWord() {
    return type.word();
  }

  private Misfit misfit(JsonNode value) {
    return new Misfit(
        "channel \"%s\" takes %s, got %s"
            .formatted(name, type.word(), SchemaCheck.describe(value)));
  }
}
