package io.windlass.memory;

import java.util.ArrayList;
import java.util.List;

/** An embedder whose vectors tell which of a few subjects a text is about. */
final class WordsAsVectors implements Embedder {
  private static final List<List<String>> SUBJECTS =
      List.of(
          List.of("cat", "kitten", "feline"),
          List.of("car", "vehicle", "engine"),
          List.of("tax", "invoice", "money"));
  final List<String> asked = new ArrayList<>();
  String model = "test/words";

  @Override
  public String model() {
    return model;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    asked.addAll(texts);
    return texts.stream().map(WordsAsVectors::vector).toList();
  }

  private static float[] vector(String text) {
    float[] vector = new float[SUBJECTS.size() + 1];
    List<String> words = Words.listed(text);
    for (int i = 0; i < SUBJECTS.size(); i++) {
      for (String word : SUBJECTS.get(i)) {
        vector[i] += words.contains(word) ? 1 : 0;
      }
    }
    vector[SUBJECTS.size()] = 0.1f;
    return vector;
  }
}
