package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Condition;
import io.windlass.text.JsonPath;
import io.windlass.text.Placeholder;
import io.windlass.text.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The placeholders of some texts that reach into structured values, as {@code {input.task}} and
 * {@code {plan.steps.0.title}} do. Step kinds look variables up by name alone; so each such value
 * is a variable of its own in the {@link #view} of the state that they get.
 */
final class Reach {
  /** More than two words; what the placeholder language itself does not know. */
  private static final Pattern DEEP =
      Pattern.compile("\\{([A-Za-z0-9_]++)((?:\\.[A-Za-z0-9_]++){2,}+)(?=[|}])");

  private static final String ALIAS = "deep.";

  private final Set<String> roots;
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, Wanted> wanted = new LinkedHashMap<>();

  private record Wanted(String name, String first, JsonPath rest, String fallback) {}

  /**
   * @param roots the variables that hold structured values
   */
  Reach(Set<String> roots) {
    this.roots = roots;
  }

  /** Takes in every text of the fields; gives what step kinds can be bound to. */
  ObjectNode fields(ObjectNode fields) {
    ObjectNode copy = Json.object();
    fields.properties().forEach(field -> copy.set(field.getKey(), tree(field.getValue())));
    return copy;
  }

  JsonNode tree(JsonNode value) {
    if (value instanceof ObjectNode object) {
      return fields(object);
    }
    if (value instanceof ArrayNode array) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      array.values().forEach(element -> copy.add(tree(element)));
      return copy;
    }
    return value.isString() ? Json.text(text(value.stringValue())) : value;
  }

  String text(String text) {
    if (text.indexOf('{') < 0) {
      return text;
    }
    String known = DEEP.matcher(text).replaceAll(this::alias);
    for (Placeholder placeholder : Template.placeholders(known, false)) {
      String deep = aliases.get(placeholder.name());
      String path = deep == null ? placeholder.name() : deep;
      if (path.indexOf('.') >= 0 || !placeholder.fallback().isEmpty()) {
        wanted.put(placeholder.name(), wanted(placeholder.name(), path, placeholder.fallback()));
      }
    }
    return known;
  }

  private String alias(MatchResult found) {
    if (!roots.contains(found.group(1))) {
      return Matcher.quoteReplacement(found.group());
    }
    String alias = ALIAS + aliases.size();
    aliases.put(alias, found.group(1) + found.group(2));
    return "{" + alias;
  }

  private static Wanted wanted(String name, String path, String fallback) {
    int dot = path.indexOf('.');
    return new Wanted(
        name,
        dot < 0 ? path : path.substring(0, dot),
        JsonPath.parse(dot < 0 ? "" : path.substring(dot + 1)),
        fallback);
  }

  /** The state with a variable for each place that the texts reach to. */
  State view(State state) {
    if (wanted.isEmpty()) {
      return state;
    }
    Map<String, JsonNode> more = LinkedHashMap.newLinkedHashMap(wanted.size());
    for (Wanted one : wanted.values()) {
      JsonNode value = find(state, one);
      if (value != null) {
        more.put(one.name(), value);
      }
    }
    return state.with(more);
  }

  /** Null where not even the variable is known: the placeholder stays, or its fallback does. */
  private static @Nullable JsonNode find(State state, Wanted one) {
    Optional<JsonNode> whole = state.find(one.name());
    JsonNode value = null;
    if (whole.isPresent()) {
      value = whole.get();
    } else {
      Optional<JsonNode> root = state.find(one.first());
      if (root.isEmpty()) {
        return null;
      }
      value = one.rest().find(root.get());
    }
    return value == null || value.isNull() ? Json.text(one.fallback()) : value;
  }

  /** Whether a condition that was taken in as {@link #text} holds. */
  boolean holds(String condition, State state) {
    return Condition.holds(condition, view(state));
  }

  /** The value at a path as routers name it, shown as text. */
  static String shown(State state, String path) {
    Optional<JsonNode> whole = state.find(path);
    if (whole.isPresent()) {
      return Json.show(whole.get()).strip();
    }
    Wanted wanted = wanted(path, path, "");
    return state
        .find(wanted.first())
        .map(root -> Json.show(wanted.rest().find(root)).strip())
        .orElse("");
  }

  /** The placeholders of every text in a tree. */
  static List<Placeholder> placeholders(JsonNode tree) {
    List<Placeholder> found = new ArrayList<>();
    collect(tree, found);
    return found;
  }

  private static void collect(JsonNode tree, List<Placeholder> found) {
    if (tree.isString()) {
      found.addAll(Template.placeholders(tree.stringValue(), false));
    } else {
      tree.values().forEach(element -> collect(element, found));
    }
  }
}
