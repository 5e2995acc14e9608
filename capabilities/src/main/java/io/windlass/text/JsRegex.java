package io.windlass.text;

/** Rewrites a regular expression of the JavaScript dialect, which chains use, into Java's. */
final class JsRegex {
  private static final String SPACES =
      "\\s\\u00a0\\ufeff\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private JsRegex(String source) {
    this.source = source;
  }

  static String toJava(String source) {
    return new JsRegex(source).rewrite();
  }

  /** Java's group names know no underscore and no dollar sign. */
  static String groupName(String name) {
    StringBuilder plain = new StringBuilder("g");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      plain.append(alphanumeric && c != 'Z' ? String.valueOf(c) : "Z" + (int) c + "Z");
    }
    return plain.toString();
  }

  private String rewrite() {
    boolean multiline = source.startsWith("(?") && source.indexOf('m') > 0 && hasMultilineFlag();
    while (at < source.length()) {
      char c = source.charAt(at);
      switch (c) {
        case '\\' -> escape(false);
        case '[' -> charClass();
        case '{' -> brace();
        case '$' -> {
          out.append(multiline ? "$" : "\\z");
          at++;
        }
        case '(' -> group();
        default -> {
          out.append(c);
          at++;
        }
      }
    }
    return out.toString();
  }

  private boolean hasMultilineFlag() {
    int i = 2;
    while (i < source.length() && Character.isLetter(source.charAt(i))) {
      i++;
    }
    return source.substring(2, i).indexOf('m') >= 0;
  }

  private void group() {
    boolean named =
        source.startsWith("(?<", at)
            && at + 3 < source.length()
            && source.charAt(at + 3) != '='
            && source.charAt(at + 3) != '!';
    int close = named ? source.indexOf('>', at) : -1;
    if (close > 0) {
      out.append("(?<").append(groupName(source.substring(at + 3, close))).append('>');
      at = close + 1;
    } else {
      out.append('(');
      at++;
    }
  }

  /** A brace that is no quantifier stands for itself, as in {@code {"key"}}. */
  private void brace() {
    int end = at + 1;
    while (end < source.length() && Character.isDigit(source.charAt(end))) {
      end++;
    }
    boolean digits = end > at + 1;
    if (end < source.length() && source.charAt(end) == ',') {
      end++;
      while (end < source.length() && Character.isDigit(source.charAt(end))) {
        end++;
      }
    }
    boolean quantifier = digits && end < source.length() && source.charAt(end) == '}' && at > 0;
    out.append(quantifier ? "{" : "\\{");
    at++;
  }

  private void charClass() {
    if (source.startsWith("[]", at)) {
      out.append("(?!)");
      at += 2;
      return;
    }
    if (source.startsWith("[^]", at)) {
      out.append("[\\s\\S]");
      at += 3;
      return;
    }
    out.append('[');
    at++;
    if (at < source.length() && source.charAt(at) == '^') {
      out.append('^');
      at++;
    }
    while (at < source.length() && source.charAt(at) != ']') {
      char c = source.charAt(at);
      if (c == '\\') {
        escape(true);
      } else {
        out.append(c == '[' || c == '&' || c == '^' ? "\\" : "").append(c);
        at++;
      }
    }
    if (at < source.length()) {
      out.append(']');
      at++;
    }
  }

  private void escape(boolean inClass) {
    if (at + 1 >= source.length()) {
      out.append('\\');
      at++;
      return;
    }
    char c = source.charAt(at + 1);
    at += 2;
    switch (c) {
      case 's' -> out.append(inClass ? SPACES : "[" + SPACES + "]");
      case 'S' -> out.append(inClass ? "\\S" : "[^" + SPACES + "]");
      case 'v' -> out.append("\\x0B");
      case 'b' -> out.append(inClass ? "\\x08" : "\\b");
      case '0' -> out.append("\\x00");
      case 'u' -> out.append(source.startsWith("{", at) ? "\\x" : "\\u");
      case 'k' -> backReference();
      case 'd', 'D', 'w', 'W', 'B', 'f', 'n', 'r', 't', 'x', 'c', 'p', 'P' ->
          out.append('\\').append(c);
      default -> {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        out.append(letter ? "" : "\\").append(c);
      }
    }
    if (c == 'u' || c == 'x' || c == 'p' || c == 'P') {
      int close = source.startsWith("{", at) ? source.indexOf('}', at) : -1;
      if (close >= 0) {
        out.append(source, at, close + 1);
        at = close + 1;
      }
    }
  }

  private void backReference() {
    int close = source.startsWith("<", at) ? source.indexOf('>', at) : -1;
    if (close < 0) {
      out.append('k');
      return;
    }
    out.append("\\k<").append(groupName(source.substring(at + 1, close))).append('>');
    at = close + 1;
  }
}
