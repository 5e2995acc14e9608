package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.StandIn;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a dry run takes for a model's answer when no script has one: marked text, or JSON whose
 * texts are marked where the step or its prompt asks for JSON.
 */
final class StandInAnswer {
  private static final Pattern WANTS_JSON =
      Pattern.compile(
          "(?i)\\b(answer|return|respond|reply|output|only|valid|produce|emit)\\b[^.\\n]{0,60}\\bjson\\b");
  private static final Pattern LIST = Pattern.compile("(?i)\\bjson\\s+(array|list)\\b");
  private static final int MOST_TRIES = 20;
  private static final int LONGEST_SHAPE = 10_000;

  private StandInAnswer() {}

  static String to(ModelRequest request, String model) {
    if (request.standIn() != null) {
      return request.standIn();
    }
    String what = "the answer of " + model;
    String prompt = request.prompt();
    Matcher asks = WANTS_JSON.matcher(prompt);
    boolean said = asks.find();
    if (!request.json() && !said) {
      return StandIn.text(what);
    }
    JsonNode standIn = Json.text(StandIn.words(what));
    Optional<JsonNode> shape = shape(prompt, said ? asks.start() : 0);
    if (shape.isPresent()) {
      return Json.write(filled(shape.get(), standIn));
    }
    JsonNode object = Json.object().set("dry_run", standIn);
    return Json.write(
        LIST.matcher(prompt).find() ? Json.MAPPER.createArrayNode().add(object) : object);
  }

  /** The first JSON object or list that the prompt shows as an example of what it wants. */
  private static Optional<JsonNode> shape(String prompt, int from) {
    int tries = 0;
    for (int at = from; at < prompt.length() && tries < MOST_TRIES; at++) {
      char c = prompt.charAt(at);
      if (c == '{' || c == '[') {
        tries++;
        int end = end(prompt, at);
        if (end > 0) {
          Optional<JsonNode> tree = parsed(prompt.substring(at, end));
          if (tree.isPresent()) {
            return tree;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Where the bracket that opens here is closed; -1 when it is not. */
  private static int end(String text, int from) {
    int depth = 0;
    boolean quoted = false;
    for (int at = from; at < Math.min(text.length(), from + LONGEST_SHAPE); at++) {
      char c = text.charAt(at);
      if (quoted) {
        at += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else {
        switch (c) {
          case '"' -> quoted = true;
          case '{', '[' -> depth++;
          case '}', ']' -> depth--;
          default -> {
            // Part of a value.
          }
        }
        if (depth == 0) {
          return at + 1;
        }
      }
    }
    return -1;
  }

  private static Optional<JsonNode> parsed(String text) {
    try {
      JsonNode tree = Json.read(text);
      return tree.isContainer() && !tree.isEmpty() ? Optional.of(tree) : Optional.empty();
    } catch (WindlassException e) {
      return Optional.empty();
    }
  }

  private static JsonNode filled(JsonNode shape, JsonNode text) {
    return switch (shape) {
      case ObjectNode object -> {
        ObjectNode filled = Json.object();
        object
            .properties()
            .forEach(field -> filled.set(field.getKey(), filled(field.getValue(), text)));
        yield filled;
      }
      case ArrayNode list -> {
        ArrayNode filled = Json.MAPPER.createArrayNode();
        list.forEach(item -> filled.add(filled(item, text)));
        yield filled;
      }
      default -> shape.isString() ? text : shape;
    };
  }
}
