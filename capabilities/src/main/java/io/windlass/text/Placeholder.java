package io.windlass.text;

import org.jspecify.annotations.Nullable;

/**
 * One placeholder found in a text.
 *
 * @param name all of its name: {@code word} or {@code word.word}
 * @param first the word before the dot, or the whole name when there is none
 * @param fallback what stands for it when it is unknown; empty for none
 * @param start where its opening brace is
 * @param end one past its closing brace
 */
public record Placeholder(String name, String first, String fallback, int start, int end) {

  /** The word after the dot; empty when there is none. */
  public String second() {
    return name.length() == first.length() ? "" : name.substring(first.length() + 1);
  }

  /** The placeholder whose brace opens at {@code open}; null when none does. */
  static @Nullable Placeholder at(String text, int open, boolean hyphens) {
    int firstEnd = wordEnd(text, open + 1, hyphens);
    if (firstEnd == open + 1) {
      return null;
    }
    int nameEnd = firstEnd;
    if (is(text, firstEnd, '.')) {
      nameEnd = wordEnd(text, firstEnd + 1, hyphens);
      if (nameEnd == firstEnd + 1) {
        return null;
      }
    }
    int fallbackStart = nameEnd;
    int fallbackEnd = nameEnd;
    int close = nameEnd;
    if (is(text, nameEnd, '|')) {
      fallbackStart = nameEnd + 1;
      if (is(text, fallbackStart, '"') || is(text, fallbackStart, '\'')) {
        fallbackEnd = text.indexOf(text.charAt(fallbackStart), fallbackStart + 1);
        fallbackStart++;
        if (fallbackEnd < 0) {
          return null;
        }
        close = fallbackEnd + 1;
      } else {
        fallbackEnd = bareEnd(text, fallbackStart);
        close = fallbackEnd;
      }
    }
    if (!is(text, close, '}')) {
      return null;
    }
    return new Placeholder(
        text.substring(open + 1, nameEnd),
        text.substring(open + 1, firstEnd),
        text.substring(fallbackStart, fallbackEnd),
        open,
        close + 1);
  }

  private static boolean is(String text, int at, char wanted) {
    return at < text.length() && text.charAt(at) == wanted;
  }

  private static int wordEnd(String text, int from, boolean hyphens) {
    int at = from;
    while (at < text.length() && isWord(text.charAt(at), hyphens)) {
      at++;
    }
    return at;
  }

  private static boolean isWord(char c, boolean hyphens) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || (hyphens && c == '-');
  }

  private static int bareEnd(String text, int from) {
    int at = from;
    while (at < text.length()
        && "\"'{}".indexOf(text.charAt(at)) < 0
        && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
