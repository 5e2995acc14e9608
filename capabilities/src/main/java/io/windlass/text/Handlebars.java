package io.windlass.text;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/**
 * A small handlebars dialect: {@code {{a.b}}}, {@code {{#each list}}}, {@code {{#if x}}}, {@code
 * {{#unless x}}}, {@code {{else}}}, {@code {{else if y}}}, {@code {{! note}}}; in a loop {@code
 * {{this}}}, {@code {{@index}}}, {@code {{@key}}}, {@code {{@first}}}, {@code {{@last}}} and {@code
 * {{../x}}}. Nothing is escaped, since the text is Markdown or a prompt. A line that holds only a
 * block tag leaves no empty line.
 */
public final class Handlebars {
  private final List<HandlebarsNode> nodes;

  private Handlebars(List<HandlebarsNode> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Reads a template.
   *
   * @throws WindlassException INVALID_INPUT naming the line of a block that is not closed or does
   *     not fit
   */
  public static Handlebars parse(String template) {
    return new Handlebars(new HandlebarsParser(template).parse());
  }

  /**
   * What the template reads: the first words of its tags, which stand for nothing when they are
   * unknown, and the placeholders of its own text.
   */
  public List<Placeholder> placeholders() {
    List<Placeholder> found = new ArrayList<>();
    collect(nodes, found);
    return found;
  }

  private static void collect(List<HandlebarsNode> nodes, List<Placeholder> found) {
    for (HandlebarsNode node : nodes) {
      switch (node) {
        case HandlebarsNode.Literal text -> found.addAll(Template.placeholders(text.text(), false));
        case HandlebarsNode.Value value -> found.add(named(value.path()));
        case HandlebarsNode.If choice -> {
          found.add(named(choice.path()));
          collect(choice.then(), found);
          collect(choice.otherwise(), found);
        }
        case HandlebarsNode.Each loop -> {
          found.add(named(loop.path()));
          collect(loop.body(), found);
          collect(loop.otherwise(), found);
        }
      }
    }
  }

  private static Placeholder named(String path) {
    int from = path.startsWith("../") ? path.lastIndexOf("../") + 3 : 0;
    int dot = path.indexOf('.', from);
    String first = path.substring(from, dot < 0 ? path.length() : dot);
    return new Placeholder(first, first, " ", 0, 0);
  }

  /**
   * Renders with this data; text that holds a JSON array or object is taken as such by {@code each}
   * and by dotted names, other text by its lines.
   *
   * @param literal applied to the template's own text, never to a value
   */
  public String render(Map<String, JsonNode> data, UnaryOperator<String> literal) {
    StringBuilder out = new StringBuilder();
    append(nodes, new Frame(null, MissingNode.getInstance(), data), literal, out);
    return out.toString();
  }

  private record Frame(@Nullable Frame parent, JsonNode self, Map<String, JsonNode> names) {}

  private static void append(
      List<HandlebarsNode> nodes, Frame frame, UnaryOperator<String> literal, StringBuilder out) {
    for (HandlebarsNode node : nodes) {
      switch (node) {
        case HandlebarsNode.Literal text -> out.append(literal.apply(text.text()));
        case HandlebarsNode.Value value -> out.append(Json.show(look(value.path(), frame)));
        case HandlebarsNode.If choice -> {
          boolean holds = truthy(look(choice.path(), frame)) != choice.negated();
          append(holds ? choice.then() : choice.otherwise(), frame, literal, out);
        }
        case HandlebarsNode.Each loop -> each(loop, frame, literal, out);
      }
    }
  }

  private static void each(
      HandlebarsNode.Each loop, Frame frame, UnaryOperator<String> literal, StringBuilder out) {
    List<Map.Entry<String, JsonNode>> items = items(look(loop.path(), frame));
    if (items.isEmpty()) {
      append(loop.otherwise(), frame, literal, out);
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i).getValue();
      Map<String, JsonNode> names = new LinkedHashMap<>();
      item.properties().forEach(field -> names.put(field.getKey(), field.getValue()));
      names.put("@index", IntNode.valueOf(i));
      names.put("@key", Json.text(items.get(i).getKey()));
      names.put("@first", JsonNodeFactory.instance.booleanNode(i == 0));
      names.put("@last", JsonNodeFactory.instance.booleanNode(i == items.size() - 1));
      append(loop.body(), new Frame(frame, item, names), literal, out);
    }
  }

  private static List<Map.Entry<String, JsonNode>> items(JsonNode value) {
    List<Map.Entry<String, JsonNode>> items = new ArrayList<>();
    JsonNode list = structured(value);
    if (list.isArray()) {
      for (JsonNode item : list) {
        items.add(Map.entry(Integer.toString(items.size()), item));
      }
    } else if (list.isObject()) {
      items.addAll(list.properties());
    } else {
      Json.show(list)
          .lines()
          .filter(line -> !line.isBlank())
          .forEach(line -> items.add(Map.entry(Integer.toString(items.size()), Json.text(line))));
    }
    return items;
  }

  private static JsonNode look(String path, Frame frame) {
    String rest = path;
    Frame at = frame;
    while (rest.startsWith("../")) {
      rest = rest.substring(3);
      Frame parent = at.parent();
      if (parent == null) {
        return MissingNode.getInstance();
      }
      at = parent;
    }
    if (rest.equals("this") || rest.equals(".")) {
      return at.self();
    }
    if (rest.startsWith("this.")) {
      return inside(at.self(), rest.substring(5));
    }
    for (Frame from = at; from != null; from = from.parent()) {
      JsonNode found = named(rest, from.names());
      if (!found.isMissingNode()) {
        return found;
      }
    }
    return MissingNode.getInstance();
  }

  /** The whole dotted name first, as chains know {@code input.x}; then the way into its first. */
  private static JsonNode named(String path, Map<String, JsonNode> names) {
    JsonNode whole = names.get(path);
    if (whole != null) {
      return whole;
    }
    int dot = path.indexOf('.');
    JsonNode first = dot < 0 ? null : names.get(path.substring(0, dot));
    return first == null ? MissingNode.getInstance() : inside(first, path.substring(dot + 1));
  }

  private static JsonNode inside(JsonNode value, String path) {
    JsonNode found = JsonPath.parse(path).find(structured(value));
    return found == null ? MissingNode.getInstance() : found;
  }

  private static JsonNode structured(JsonNode value) {
    if (!value.isString()) {
      return value;
    }
    String text = value.stringValue().trim();
    if (!text.startsWith("[") && !text.startsWith("{")) {
      return value;
    }
    try {
      return Json.MAPPER.readTree(text);
    } catch (JacksonException e) {
      return value;
    }
  }

  /** As in conditions: not empty, not false, not 0; an empty list or object is empty. */
  private static boolean truthy(JsonNode value) {
    JsonNode plain = structured(value);
    if (plain.isContainer()) {
      return !plain.isEmpty();
    }
    String text = Json.show(plain).trim();
    return !text.isEmpty() && !text.equals("false") && !text.equals("0");
  }
}
