package io.windlass.kernel;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The project's one JSON dialect: ISO-8601 instants, unknown fields tolerated, bounded depth. */
public final class Json {
  /** Shared by all; immutable. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxStringLength(64 << 20)
                          .build())
                  .build())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .build();

  private static final Pattern SOURCE =
      Pattern.compile("\\s*\\([^()]*\\[Source: .*?\\]\\)|\\s*\\[Source: .*?\\]");

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static JsonNode text(String value) {
    return JsonNodeFactory.instance.stringNode(value);
  }

  /** Any value as a tree; records become objects. */
  public static JsonNode tree(@Nullable Object value) {
    return MAPPER.valueToTree(value);
  }

  public static String write(@Nullable Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** Parses JSON text; text that is no JSON is an {@link ErrorCode#INVALID_INPUT} error. */
  public static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new WindlassException(ErrorCode.INVALID_INPUT, "Invalid JSON: " + fault(e), e);
    }
  }

  /** What is wrong with a text, for people: without the parser's words on where it keeps it. */
  public static String fault(JacksonException e) {
    return withoutSource(e.getOriginalMessage().lines().findFirst().orElse(""));
  }

  /** A JSON parser's message without its words on where it keeps the text. */
  public static String withoutSource(String message) {
    return SOURCE.matcher(message).replaceAll("").strip();
  }

  public static <T> T read(String text, Class<T> type) {
    return MAPPER.readValue(text, type);
  }

  /** What a person or a template sees of a value: strings raw, null empty, the rest as JSON. */
  public static String show(@Nullable JsonNode value) {
    if (value == null || value.isNull() || value.isMissingNode()) {
      return "";
    }
    return value.isString() ? value.stringValue() : value.toString();
  }
}
