package io.windlass.memory;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a text and how often each stands in it: what is compared without a model. */
record Words(Map<String, Integer> counts) {
  private static final Pattern WORD =
      Pattern.compile(
          "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}]"
              + "|[\\p{L}\\p{N}&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}]]+");
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Set<String> COMMON =
      Set.of(
          "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "does", "for",
          "from", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my",
          "not", "of", "on", "or", "our", "so", "that", "the", "their", "them", "then", "there",
          "these", "they", "this", "to", "was", "we", "were", "what", "when", "where", "which",
          "who", "why", "will", "with", "you", "your");

  static Words of(String text) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    listed(text).forEach(word -> counts.merge(word, 1, Integer::sum));
    return new Words(counts);
  }

  /** All words in order, in lower case and without accents; scripts without spaces by character. */
  static List<String> listed(String text) {
    List<String> words = new ArrayList<>();
    String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    Matcher matcher = WORD.matcher(plain.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  /** The cosine of two texts' word counts: 1 for the same words, 0 for no word in common. */
  double similarity(Words other) {
    double product = 0;
    for (var entry : counts.entrySet()) {
      product += (double) entry.getValue() * other.counts.getOrDefault(entry.getKey(), 0);
    }
    double lengths = squares() * other.squares();
    return lengths == 0 ? 0 : product / Math.sqrt(lengths);
  }

  private double squares() {
    return counts.values().stream().mapToDouble(count -> (double) count * count).sum();
  }

  /** Words that tell what a text is about, the most frequent first. */
  List<String> keywords() {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().length() > 2 && !COMMON.contains(entry.getKey()))
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Every word once, common ones left out unless there are no others. */
  List<String> telling() {
    Set<String> telling = new LinkedHashSet<>(counts.keySet());
    telling.removeAll(COMMON);
    return List.copyOf(telling.isEmpty() ? counts.keySet() : telling);
  }
}
