package io.windlass.model;

import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers without a model and without a network: the sentences of the prompt whose words occur most
 * in it, in their order. The same prompt always gives the same answer.
 */
final class OfflineModel implements LanguageModel {
  static final String NAME = "offline";

  /** As answers name it. */
  static final String LABEL = NAME + "/" + NAME;

  static final String NOTICE =
      "[offline] N"
          + NoModel.TOLD.substring(1)
          + ", so this is not a model's answer but the key sentences of the prompt. Set "
          + NoModel.NEAREST
          + " to get one.";
  private static final int SENTENCES = 5;
  private static final int LONGEST = 300;
  private static final int READ = 200_000;
  private static final Pattern SENTENCE = Pattern.compile("(?<=[.!?])\\s+|(?<=[。！？])|\\R+");
  private static final Pattern WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Set<String> COMMON =
      Set.of(
          ("about above after again all also and any are been before being but can could did does"
                  + " each for from had has have her here him his how into its just let may more"
                  + " most not now off one only other our out over own same she should some such"
                  + " than that the their them then there these they this those too under until"
                  + " very was were what when where which while who why will with would you your")
              .split(" "));

  @Override
  public ModelAnswer ask(ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    List<String> parts = new ArrayList<>();
    parts.add(NOTICE + "\n");
    for (String sentence : keySentences(request.prompt())) {
      parts.add("\n- " + sentence);
    }
    for (String part : parts) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      pieces.accept(part);
    }
    return new ModelAnswer(
        String.join("", parts), ModelAnswer.Finish.STOP, new Usage(NAME, 0, 0, BigDecimal.ZERO));
  }

  private static List<String> keySentences(String prompt) {
    List<String> sentences =
        SENTENCE
            .splitAsStream(prompt.substring(0, Math.min(prompt.length(), READ)))
            .map(String::strip)
            .filter(sentence -> sentence.codePoints().anyMatch(Character::isLetterOrDigit))
            .map(OfflineModel::shortened)
            .collect(
                Collectors.collectingAndThen(
                    Collectors.toCollection(LinkedHashSet::new), List::copyOf));
    Map<String, Integer> frequency = new HashMap<>();
    for (String sentence : sentences) {
      words(sentence).forEach(word -> frequency.merge(word, 1, Integer::sum));
    }
    record Ranked(int place, double weight) {}
    List<Ranked> ranked = new ArrayList<>();
    for (int place = 0; place < sentences.size(); place++) {
      Set<String> words = words(sentences.get(place));
      double sum = words.stream().mapToInt(word -> frequency.getOrDefault(word, 0)).sum();
      ranked.add(new Ranked(place, sum / Math.sqrt(words.size() + 1.0)));
    }
    return ranked.stream()
        .sorted(Comparator.comparingDouble(Ranked::weight).reversed())
        .limit(SENTENCES)
        .sorted(Comparator.comparingInt(Ranked::place))
        .map(best -> sentences.get(best.place()))
        .toList();
  }

  private static Set<String> words(String sentence) {
    return Arrays.stream(WORD.split(sentence.toLowerCase(Locale.ROOT)))
        .filter(word -> word.length() > 2 && !COMMON.contains(word))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String shortened(String sentence) {
    if (sentence.length() <= LONGEST) {
      return sentence;
    }
    int end = Character.isHighSurrogate(sentence.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return sentence.substring(0, end) + "…";
  }
}
