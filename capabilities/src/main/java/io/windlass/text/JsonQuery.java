package io.windlass.text;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A path into JSON as chains write it: dotted words with an optional {@code $.} in front; a number
 * indexes an array, {@code *} maps the rest of the path over one. {@code items[0].name} and {@code
 * items[*].name} are read as {@code items.0.name} and {@code items.*.name}.
 */
public final class JsonQuery {
  private static final Pattern FENCE =
      Pattern.compile("^\\s*```[\\w+-]*[ \\t]*\\R(.*?)\\R?[ \\t]*```\\s*$", Pattern.DOTALL);
  private static final Pattern INNER_FENCE =
      Pattern.compile("```(?:json[\\w+-]*)?[ \\t]*\\R(.*?)\\R[ \\t]*```", Pattern.DOTALL);
  private static final Pattern BRACKET =
      Pattern.compile("\\[\\s*(?:(\\d+|\\*)|'([^']*)'|\"([^\"]*)\")\\s*]");
  private static final ObjectWriter INDENTED = indented();

  private final List<String> words;

  private JsonQuery(List<String> words) {
    this.words = List.copyOf(words);
  }

  /** Reads a path; the empty one and {@code $} mean the whole document. */
  public static JsonQuery of(String path) {
    String plain = path.trim();
    if (plain.startsWith("$")) {
      plain = plain.substring(1);
    }
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    Matcher bracket = BRACKET.matcher(plain);
    for (int at = 0; at < plain.length(); ) {
      char c = plain.charAt(at);
      if (c == '.') {
        flush(word, words);
        at++;
      } else if (c == '[' && bracket.find(at) && bracket.start() == at) {
        flush(word, words);
        words.add(firstGroup(bracket));
        at = bracket.end();
      } else {
        word.append(c);
        at++;
      }
    }
    flush(word, words);
    return new JsonQuery(words);
  }

  /** What the path leads to; a missing node when it leads nowhere. */
  public JsonNode find(JsonNode root) {
    return find(root, 0);
  }

  private JsonNode find(JsonNode from, int depth) {
    JsonNode node = from;
    for (int i = depth; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("*") && (node.isArray() || (node.isObject() && !node.has("*")))) {
        ArrayNode mapped = Json.MAPPER.createArrayNode();
        for (JsonNode item : node) {
          JsonNode found = find(item, i + 1);
          if (found.isMissingNode()) {
            mapped.addNull();
          } else {
            mapped.add(found);
          }
        }
        return mapped;
      }
      node = node.isArray() ? node.path(index(word)) : node.path(word);
      if (node.isMissingNode()) {
        return MissingNode.getInstance();
      }
    }
    return node;
  }

  /**
   * Follows a path through JSON text.
   *
   * @return strings raw, nothing for a path that leads nowhere, the rest as indented JSON
   * @throws WindlassException INVALID_INPUT when the text is no JSON
   */
  public static String extract(String json, String path) {
    return show(of(path).find(Json.read(json)));
  }

  /** A value as text: strings raw, a missing one or null empty, the rest as indented JSON. */
  public static String show(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return value.isString() ? value.stringValue() : INDENTED.writeValueAsString(value);
  }

  /**
   * The text inside Markdown code fences, as models like to wrap JSON: the fenced whole, else the
   * first fenced part when the text itself does not begin like JSON, else the text unchanged.
   */
  public static String withoutFences(String text) {
    Matcher whole = FENCE.matcher(text);
    if (whole.matches()) {
      return whole.group(1).trim();
    }
    String trimmed = text.trim();
    if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) {
      Matcher part = INNER_FENCE.matcher(text);
      if (part.find()) {
        return part.group(1).trim();
      }
    }
    return trimmed;
  }

  private static int index(String word) {
    try {
      return word.isEmpty() || !Character.isDigit(word.charAt(0)) ? -1 : Integer.parseInt(word);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static String firstGroup(Matcher match) {
    for (int group = 1; group <= match.groupCount(); group++) {
      String found = match.group(group);
      if (found != null) {
        return found;
      }
    }
    return "";
  }

  private static ObjectWriter indented() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectNameValueSpacing(Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    return Json.MAPPER.writer().with(printer);
  }
}
