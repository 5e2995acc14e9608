package io.windlass.shell;

/**
 * A here-document whose beginning was copied and whose body follows the line.
 *
 * @param head how it begins
 * @param from where its beginning stands in what was copied
 * @param to where that ends
 */
record HereDocument(Head head, int from, int to) {
  /**
   * The operator and its word.
   *
   * @param end the line that ends the body; empty when the word is missing
   * @param stripsTabs whether it is {@code <<-}
   * @param quoted whether the word is quoted, so that the body is taken as it is
   * @param length how many characters it takes
   */
  record Head(String end, boolean stripsTabs, boolean quoted, int length) {}

  /**
   * The lines up to the end.
   *
   * @param text the lines
   * @param last the line that ends them, its newline included; empty when it is missing
   * @param next where the text goes on
   */
  record Body(String text, String last, int next) {}

  static Head head(String text, int from) {
    int i = from + 2;
    boolean strips = i < text.length() && text.charAt(i) == '-';
    if (strips) {
      i++;
    }
    while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
      i++;
    }
    StringBuilder end = new StringBuilder();
    boolean quoted = false;
    for (; i < text.length() && " \t\n;&|<>()".indexOf(text.charAt(i)) < 0; i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        quoted = true;
        int close = text.indexOf(c, i + 1);
        if (close < 0) {
          break;
        }
        end.append(text, i + 1, close);
        i = close;
      } else if (c == '\\') {
        quoted = true;
      } else {
        end.append(c);
      }
    }
    return new Head(end.toString(), strips, quoted, Math.min(i, text.length()) - from);
  }

  Body body(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int newline = text.indexOf('\n', at);
      int stop = newline < 0 ? text.length() : newline;
      int next = newline < 0 ? text.length() : newline + 1;
      String line = text.substring(at, stop);
      if ((head.stripsTabs() ? line.replaceFirst("^\t+", "") : line).equals(head.end())) {
        return new Body(text.substring(from, at), text.substring(at, next), next);
      }
      at = next;
    }
    return new Body(text.substring(from), "", at);
  }

  /** The beginning with another, unquoted word. */
  String begin(String word) {
    return (head.stripsTabs() ? "<<-" : "<<") + word;
  }

  /** A body that means in an unquoted here-document what it meant in a quoted one. */
  static String escaped(String body) {
    return body.replace("\\", "\\\\").replace("$", "\\$").replace("`", "\\`");
  }
}
