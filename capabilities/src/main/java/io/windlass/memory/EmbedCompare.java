package io.windlass.memory;

import io.windlass.kernel.Json;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pre-tool {@code embed_compare}: how alike two texts are, which keywords the second has gained
 * and lost, and that in a word, as JSON.
 */
final class EmbedCompare implements PreTool {
  private static final int LONGEST_TEXT = 200_000;
  private static final int MOST_KEYWORDS = 20;

  private final Memory.Surroundings surroundings;

  EmbedCompare(Memory.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return "embed_compare";
  }

  @Override
  public List<String> required() {
    return List.of("text_a", "text_b");
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    String a = Drawer.checked("text_a", call.text("text_a"), LONGEST_TEXT);
    String b = Drawer.checked("text_b", call.text("text_b"), LONGEST_TEXT);
    Words wordsOfA = Words.of(a);
    Words wordsOfB = Words.of(b);
    Embedder embedder = surroundings.embedder();
    double similarity;
    if (a.strip().equals(b.strip())) {
      similarity = 1;
    } else if (a.isBlank() || b.isBlank()) {
      similarity = 0;
    } else if (embedder == null) {
      similarity = wordsOfA.similarity(wordsOfB);
    } else {
      List<float[]> vectors = embedder.embed(List.of(a, b));
      similarity = Vectors.cosine(vectors.getFirst(), Vectors.bytes(vectors.getLast()));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("similarity", Math.round(similarity * 10_000) / 10_000.0);
    result.put("method", embedder == null ? "keywords" : "embedding");
    result.put("new_keywords", without(wordsOfB.keywords(), wordsOfA));
    result.put("removed_keywords", without(wordsOfA.keywords(), wordsOfB));
    result.put("verdict", verdict(similarity));
    return Json.write(result);
  }

  private static List<String> without(List<String> keywords, Words others) {
    Set<String> known = others.counts().keySet();
    return keywords.stream().filter(word -> !known.contains(word)).limit(MOST_KEYWORDS).toList();
  }

  private static String verdict(double similarity) {
    if (similarity >= 0.98) {
      return "identical";
    }
    if (similarity >= 0.85) {
      return "similar";
    }
    return similarity >= 0.5 ? "related" : "different";
  }
}
