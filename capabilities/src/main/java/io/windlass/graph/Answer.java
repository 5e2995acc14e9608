package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Structure in what nodes give: many give a text that is JSON, some models with a fence around it.
 */
final class Answer {
  private static final String FENCE = "```";

  private Answer() {}

  /** The value itself, or what its text says; null for a text that is no JSON. */
  static @Nullable JsonNode json(JsonNode value) {
    if (!value.isString()) {
      return value;
    }
    String text = value.stringValue();
    JsonNode plain = read(text);
    if (plain != null) {
      return plain;
    }
    int fence = text.indexOf(FENCE);
    int end = fence < 0 ? -1 : text.indexOf(FENCE, fence + FENCE.length());
    return end < 0 ? null : read(unnamed(text.substring(fence + FENCE.length(), end)));
  }

  /** Without the language that stands behind the opening fence. */
  private static String unnamed(String block) {
    int at = 0;
    while (at < block.length() && Character.isLetter(block.charAt(at))) {
      at++;
    }
    return block.substring(at);
  }

  private static @Nullable JsonNode read(String text) {
    if (text.isBlank()) {
      return null;
    }
    try {
      return Json.read(text);
    } catch (WindlassException e) {
      return null;
    }
  }
}
