package io.windlass.kernel;

import java.util.regex.Matcher;
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

  private static final Pattern PARSER =
      Pattern.compile(
          "^(?<what>Unrecognized token|Unexpected character|Unexpected close marker"
              + "|Unrecognized character escape|Illegal unquoted character|Unexpected end-of-input)"
              + "(?: \\(?'(?<named>.*?)'(?: \\(code|: was|: expected|$|[) ]))?");

  private static final Pattern EXPECTING = Pattern.compile("[:,;]? was expecting .*");
  private static final int NEAR = 20;

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
      throw new WindlassException(
          ErrorCode.INVALID_INPUT, "Invalid JSON: " + fault(e) + near(text, e), e);
    }
  }

  /** What is wrong with a text, for people: in our words where the parser's are for programmers. */
  public static String fault(JacksonException e) {
    String message = withoutSource(e.getOriginalMessage().lines().findFirst().orElse(""));
    Matcher parser = PARSER.matcher(message);
    if (!parser.find()) {
      return EXPECTING.matcher(message).replaceFirst("");
    }
    String named = parser.group("named");
    return switch (parser.group("what")) {
      case "Unrecognized token" -> "\"%s\" is no JSON value".formatted(named);
      case "Unexpected character" -> "\"%s\" cannot stand there".formatted(named);
      case "Unexpected close marker" -> "\"%s\" closes nothing".formatted(named);
      case "Unrecognized character escape" -> "\"\\%s\" is no escape".formatted(named);
      case "Illegal unquoted character" ->
          "a control character stands in a text; write it as \\n, \\t or \\u0000";
      default -> "it ends too early";
    };
  }

  /** Where a text goes wrong, with some of it. */
  private static String near(String text, JacksonException e) {
    var at = e.getLocation();
    if (at == null || at.getCharOffset() < 0 || text.isBlank()) {
      return "";
    }
    int middle = (int) Math.min(at.getCharOffset(), text.length());
    String around =
        text.substring(Math.max(0, middle - NEAR), Math.min(text.length(), middle + NEAR))
            .replaceAll("\\s+", " ");
    return ", at line %d, column %d, near: %s"
        .formatted(at.getLineNr(), at.getColumnNr(), around.strip());
  }

  /** A JSON parser's message without its words on where it keeps the text. */
  public static String withoutSource(String message) {
    return SOURCE.matcher(message).replaceAll("").strip();
  }

  public static <T> T read(String text, Class<T> type) {
    return MAPPER.readValue(text, type);
  }

  /**
   * What a person or a template sees of a value: strings raw, null empty, the rest as JSON, its
   * numbers as {@link JsonNumbers} writes them.
   */
  public static String show(@Nullable JsonNode value) {
    if (value == null || value.isNull() || value.isMissingNode()) {
      return "";
    }
    return value.isString() ? value.stringValue() : JsonNumbers.plain(value);
  }
}
