package io.windlass.text;

import java.util.Map;
import java.util.regex.Matcher;

/** Expands a JavaScript replacement text for one match. */
final class JsReplacement {
  private JsReplacement() {}

  static void append(
      StringBuilder out,
      String replacement,
      String text,
      Matcher match,
      Map<String, Integer> names) {
    int at = 0;
    while (at < replacement.length()) {
      int dollar = replacement.indexOf('$', at);
      if (dollar < 0 || dollar + 1 == replacement.length()) {
        break;
      }
      out.append(replacement, at, dollar);
      at = dollar + special(out, replacement, dollar, text, match, names);
    }
    out.append(replacement, at, replacement.length());
  }

  /** Writes what stands at the dollar sign and returns how many characters of it were used. */
  private static int special(
      StringBuilder out,
      String replacement,
      int dollar,
      String text,
      Matcher match,
      Map<String, Integer> names) {
    char c = replacement.charAt(dollar + 1);
    switch (c) {
      case '$' -> out.append('$');
      case '&' -> out.append(text, match.start(), match.end());
      case '`' -> out.append(text, 0, match.start());
      case '\'' -> out.append(text, match.end(), text.length());
      case '<' -> {
        int close = replacement.indexOf('>', dollar);
        Integer group =
            close < 0
                ? null
                : names.get(JsRegex.groupName(replacement.substring(dollar + 2, close)));
        if (group == null) {
          out.append("$<");
          return 2;
        }
        appendGroup(out, text, match, group);
        return close + 1 - dollar;
      }
      default -> {
        return numbered(out, replacement, dollar, text, match);
      }
    }
    return 2;
  }

  private static int numbered(
      StringBuilder out, String replacement, int dollar, String text, Matcher match) {
    for (int digits = 2; digits >= 1; digits--) {
      int end = dollar + 1 + digits;
      if (end > replacement.length()) {
        continue;
      }
      String number = replacement.substring(dollar + 1, end);
      if (number.chars().allMatch(c -> c >= '0' && c <= '9')) {
        int group = Integer.parseInt(number);
        if (group >= 1 && group <= match.groupCount()) {
          appendGroup(out, text, match, group);
          return 1 + digits;
        }
      }
    }
    out.append('$');
    return 1;
  }

  private static void appendGroup(StringBuilder out, String text, Matcher match, int group) {
    if (match.start(group) >= 0) {
      out.append(text, match.start(group), match.end(group));
    }
  }
}
