package io.windlass.generation;

import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the model wrote, understood. */
sealed interface Reply {
  Pattern FENCE = Pattern.compile("```[A-Za-z]*[ \\t]*\\R(.*?)(?:\\R```|\\z)", Pattern.DOTALL);
  Pattern DOCUMENT =
      Pattern.compile("^(name|description|version|inputs|steps):", Pattern.MULTILINE);

  /** Questions to the person. */
  record Asks(List<String> questions) implements Reply {}

  /**
   * A document.
   *
   * @param yaml its text, sound or not
   * @param words what was said beside it
   */
  record Writes(String yaml, String words) implements Reply {}

  /** Neither questions nor a document. */
  record Strays() implements Reply {}

  static Reply of(String text) {
    Matcher fence = FENCE.matcher(text);
    String best = "";
    String words = text;
    while (fence.find()) {
      List<String> questions = questions(fence.group(1));
      if (!questions.isEmpty()) {
        return new Asks(questions);
      }
      // Of several blocks the longest is the document; others are examples.
      if (fence.group(1).length() > best.length() && looksLikeOne(fence.group(1))) {
        best = fence.group(1);
        words = text.substring(0, fence.start()) + text.substring(fence.end());
      }
    }
    if (!best.isEmpty()) {
      return new Writes(best.strip() + "\n", words.strip());
    }
    List<String> questions = questions(text);
    if (!questions.isEmpty()) {
      return new Asks(questions);
    }
    Matcher begin = DOCUMENT.matcher(text);
    return begin.find() && looksLikeOne(text)
        ? new Writes(
            text.substring(begin.start()).strip() + "\n", text.substring(0, begin.start()).strip())
        : new Strays();
  }

  private static boolean looksLikeOne(String text) {
    return DOCUMENT.matcher(text).find() || text.strip().startsWith("{");
  }

  private static List<String> questions(String text) {
    int from = text.indexOf('{');
    int to = text.lastIndexOf('}');
    List<String> questions = new ArrayList<>();
    if (from < 0 || to < from || !text.contains("\"questions\"")) {
      return questions;
    }
    try {
      for (JsonNode question : Json.read(text.substring(from, to + 1)).path("questions")) {
        if (!Json.show(question).isBlank()) {
          questions.add(Json.show(question).strip());
        }
      }
    } catch (JacksonException | io.windlass.kernel.WindlassException e) {
      return List.of();
    }
    return questions;
  }
}
