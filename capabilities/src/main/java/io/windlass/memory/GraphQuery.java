package io.windlass.memory;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The pre-tool {@code graph_query}: adds facts of subject, predicate and object, and looks up those
 * that fit what is given of the three; the facts come as a JSON array.
 */
final class GraphQuery implements PreTool {
  private static final int LONGEST_WORD = 300;
  private static final int MOST_AT_ONCE = 1_000;

  private final TripleStore triples;
  private final Memory.Surroundings surroundings;

  GraphQuery(TripleStore triples, Memory.Surroundings surroundings) {
    this.triples = triples;
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return "graph_query";
  }

  @Override
  public List<String> required() {
    return List.of();
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) {
    Drawer drawer = Drawer.of(call, "scope", surroundings);
    int most = call.count("limit", 100, 1, 1_000);
    var pattern =
        new TripleStore.Triple(
            word(call, "subject"), word(call, "predicate"), word(call, "object"));
    boolean looksUp = !(pattern.subject() + pattern.predicate() + pattern.object()).isEmpty();
    List<TripleStore.Triple> added = given(call);
    if (!added.isEmpty()) {
      triples.add(drawer, added, call.context().clock().instant());
    }
    return Json.write(looksUp || added.isEmpty() ? triples.find(drawer, pattern, most) : added);
  }

  private static String word(PreToolCall call, String field) {
    return Drawer.checked(field, call.text(field).trim(), LONGEST_WORD);
  }

  /** As a list, as JSON text of one, or as lines of three words with bars or commas between. */
  private static List<TripleStore.Triple> given(PreToolCall call) {
    JsonNode field = call.fields().get("triples");
    String text = call.text("triples").strip();
    if (field == null || text.isEmpty()) {
      return List.of();
    }
    List<TripleStore.Triple> found = new ArrayList<>();
    if (text.startsWith("[") || text.startsWith("{")) {
      JsonNode read = Json.read(text);
      if (read.isObject() || (read.isArray() && read.size() == 3 && read.get(0).isString())) {
        found.add(triple(read, 0));
      } else {
        for (JsonNode one : read) {
          found.add(triple(one, found.size()));
        }
      }
    } else {
      text.lines()
          .filter(line -> !line.isBlank())
          .forEach(line -> found.add(line(line, found.size())));
    }
    if (found.size() > MOST_AT_ONCE) {
      throw WindlassException.invalid(
          "triples holds %d facts; give at most %d at once".formatted(found.size(), MOST_AT_ONCE));
    }
    return found;
  }

  private static TripleStore.Triple triple(JsonNode one, int index) {
    if (one.isArray() && one.size() == 3) {
      return triple(index, Json.show(one.get(0)), Json.show(one.get(1)), Json.show(one.get(2)));
    }
    if (one.isObject()) {
      return triple(
          index,
          Json.show(one.get("subject")),
          Json.show(one.get("predicate")),
          Json.show(one.get("object")));
    }
    if (one.isString()) {
      return line(one.stringValue(), index);
    }
    throw unusable(index);
  }

  private static TripleStore.Triple line(String line, int index) {
    String[] parts = line.split(line.indexOf('|') >= 0 ? "\\|" : ",", -1);
    if (parts.length != 3) {
      throw unusable(index);
    }
    return triple(index, parts[0], parts[1], parts[2]);
  }

  private static TripleStore.Triple triple(
      int index, String subject, String predicate, String object) {
    if (subject.isBlank() || predicate.isBlank() || object.isBlank()) {
      throw unusable(index);
    }
    return new TripleStore.Triple(
        Drawer.required("subject", subject, LONGEST_WORD),
        Drawer.required("predicate", predicate, LONGEST_WORD),
        Drawer.required("object", object, LONGEST_WORD));
  }

  private static WindlassException unusable(int index) {
    return WindlassException.invalid(
        "triples[%d] must be [subject, predicate, object], an object of these three, or \"subject | predicate | object\""
            .formatted(index));
  }
}
