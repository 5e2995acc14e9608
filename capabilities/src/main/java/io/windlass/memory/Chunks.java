package io.windlass.memory;

import java.util.ArrayList;
import java.util.List;

/** Cuts texts into pieces at the ends of paragraphs, sentences or words, as late as fits. */
final class Chunks {
  private Chunks() {}

  /** Pieces of at most {@code size} characters, without blanks around them, none empty. */
  static List<String> of(String text, int size) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = text.length() - from <= size ? text.length() : cut(text, from, from + size);
      String piece = text.substring(from, to).strip();
      if (!piece.isEmpty()) {
        pieces.add(piece);
      }
      from = to;
    }
    return pieces;
  }

  private static int cut(String text, int from, int most) {
    int least = from + (most - from) / 2;
    int paragraph = text.lastIndexOf("\n\n", most - 2);
    if (paragraph >= least) {
      return paragraph + 2;
    }
    int word = -1;
    int line = -1;
    int sentence = -1;
    for (int i = least; i < most; i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        word = i + 1;
        if (c == '\n') {
          line = i + 1;
        }
        char before = i == 0 ? ' ' : text.charAt(i - 1);
        if (before == '.' || before == '!' || before == '?') {
          sentence = i + 1;
        }
      }
    }
    if (sentence > 0) {
      return sentence;
    }
    if (line > 0) {
      return line;
    }
    if (word > 0) {
      return word;
    }
    return Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
  }
}
