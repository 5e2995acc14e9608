package io.windlass.chain;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.Excerpt;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;

/**
 * Documents as trees. Reads YAML 1.2 (core schema, with merge keys) and JSON: {@code yes} and dates
 * stay text, decimals keep their digits. Size, depth, aliases and what they expand to are limited.
 */
public final class Yaml {
  /** The most characters that a document may have. */
  public static final int MAX_LENGTH = 5 << 20;

  private static final int MAX_REASON = 300;

  private Yaml() {}

  /**
   * Reads one document.
   *
   * @throws WindlassException TOO_LARGE, or INVALID_DEFINITION with one {@code yaml: reason} line
   */
  public static JsonNode read(String source) {
    if (source.length() > MAX_LENGTH) {
      throw new WindlassException(
          ErrorCode.TOO_LARGE,
          "yaml: the document has %d characters, the most is %d; move long texts into files"
              .formatted(source.length(), MAX_LENGTH));
    }
    String text = source.startsWith("\uFEFF") ? source.substring(1) : source;
    JsonNode json = text.stripLeading().startsWith("{") ? readJson(text) : null;
    return json != null ? json : readYaml(text);
  }

  /** Flow-style YAML looks like JSON too: what is no JSON is left to the YAML reader. */
  private static @Nullable JsonNode readJson(String text) {
    try {
      return Json.MAPPER.reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION).readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static JsonNode readYaml(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(MAX_LENGTH)
            // The reader copies what it holds of a long line with each buffer that it adds.
            .setBufferSize(Math.clamp(text.length() / 8, 1 << 10, 1 << 20))
            .setParseComments(false)
            .setSchema(new CoreSchema())
            .build();
    try {
      return new YamlTree(new Parse(settings).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
      throw fault(e.getProblem() + context, e.getProblemMark().orElse(null), e);
    } catch (ReaderException e) {
      throw unprintable(text, e);
    } catch (YamlEngineException e) {
      throw fault(String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "), null, e);
    }
  }

  private static WindlassException unprintable(String text, ReaderException e) {
    String before = text.substring(0, Math.max(0, text.indexOf(e.getCodePoint())));
    return new WindlassException(
        ErrorCode.INVALID_DEFINITION,
        "yaml: line %d, column %d: the character U+%04X cannot stand here; take it out, or write it as \"\\u%04X\" in double quotes"
            .formatted(
                before.chars().filter(c -> c == '\n').count() + 1,
                before.length() - before.lastIndexOf('\n'),
                e.getCodePoint(),
                e.getCodePoint()),
        e);
  }

  static WindlassException fault(String reason, @Nullable Mark mark, @Nullable Throwable cause) {
    String where =
        mark == null
            ? ""
            : "line %d, column %d: ".formatted(mark.getLine() + 1, mark.getColumn() + 1);
    return new WindlassException(
        ErrorCode.INVALID_DEFINITION,
        "yaml: " + where + Excerpt.of(reason.strip(), MAX_REASON),
        cause);
  }

  /** Writes a tree as block-style YAML, long texts as literal blocks. */
  public static String write(JsonNode tree) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setSchema(new CoreSchema())
            .setSplitLines(false)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setDereferenceAliases(true)
            .build();
    return new Dump(settings).dumpToString(plain(tree));
  }

  private static @Nullable Object plain(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        node.values().forEach(element -> list.add(plain(element)));
        yield list;
      }
      case NUMBER -> number(node);
      case BOOLEAN -> node.booleanValue();
      case NULL, MISSING -> null;
      case STRING, BINARY, POJO -> node.asString();
    };
  }

  private static Object number(JsonNode node) {
    return node.isIntegralNumber() ? new BigInteger(node.toString()) : node.doubleValue();
  }
}
