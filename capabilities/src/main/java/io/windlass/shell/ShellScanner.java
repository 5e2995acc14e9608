package io.windlass.shell;

import io.windlass.kernel.WindlassException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Walks over a command in which marks stand for values, keeps track of quotes, substitutions,
 * comments and here-documents, and puts a reference in the place of each mark.
 */
final class ShellScanner {
  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,18}");

  /** What the text at a place is inside of. */
  private enum Place {
    CODE,
    SUBSHELL,
    BACKTICK,
    SINGLE,
    DOUBLE,
    ANSI,
    BRACE,
    QUOTED_BRACE,
    ARITHMETIC,
    PARENTHESIS,
    COMMENT,
    HERE_DOCUMENT
  }

  private final String text;
  private final List<String> values;
  private final StringBuilder out = new StringBuilder();
  private final Deque<Place> places = new ArrayDeque<>();
  private final List<HereDocument> pending = new ArrayList<>();
  private int at;

  ShellScanner(String text, List<String> values) {
    this(text, values, Place.CODE);
  }

  private ShellScanner(String text, List<String> values, Place place) {
    this.text = text;
    this.values = values;
    places.push(place);
  }

  String scan() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ShellScript.MARK) {
        reference();
      } else {
        switch (place()) {
          case CODE, SUBSHELL, BACKTICK -> code(c);
          case SINGLE -> closes(c, '\'');
          case ANSI -> {
            if (!escape(c, "\\\\")) {
              closes(c, '\'');
            }
          }
          case DOUBLE -> {
            if (!escape(c, "\\\\") && !substitution(c)) {
              closes(c, '"');
            }
          }
          case HERE_DOCUMENT -> {
            if (!escape(c, "\\\\") && !substitution(c)) {
              copy(1);
            }
          }
          case BRACE, QUOTED_BRACE -> brace(c);
          case ARITHMETIC, PARENTHESIS -> arithmetic(c);
          case COMMENT -> {
            if (c == '\n') {
              places.pop();
            } else {
              copy(1);
            }
          }
        }
      }
    }
    return out.toString();
  }

  private Place place() {
    return places.element();
  }

  private void code(char c) {
    if (escape(c, "") || substitution(c)) {
      return;
    }
    switch (c) {
      case '\'' -> open(Place.SINGLE, 1);
      case '"' -> open(Place.DOUBLE, 1);
      case '$' -> {
        if (follows("$'")) {
          open(Place.ANSI, 2);
        } else {
          copy(1);
        }
      }
      case '(' -> {
        if (follows("((")) {
          open(Place.ARITHMETIC, 2);
        } else {
          open(Place.SUBSHELL, 1);
        }
      }
      case ')' -> {
        if (place() == Place.SUBSHELL) {
          places.pop();
        }
        copy(1);
      }
      case '#' -> {
        if (beginsWord()) {
          open(Place.COMMENT, 1);
        } else {
          copy(1);
        }
      }
      case '<' -> {
        if (follows("<<<")) {
          copy(3);
        } else if (follows("<<")) {
          hereDocument();
        } else {
          copy(1);
        }
      }
      case '\n' -> {
        copy(1);
        bodies();
      }
      default -> copy(1);
    }
  }

  private void brace(char c) {
    if (escape(c, place() == Place.BRACE ? "" : "\\\\") || substitution(c)) {
      return;
    }
    if (c == '\'' && place() == Place.BRACE) {
      open(Place.SINGLE, 1);
    } else if (c == '"') {
      open(Place.DOUBLE, 1);
    } else {
      closes(c, '}');
    }
  }

  private void arithmetic(char c) {
    if (escape(c, "") || substitution(c)) {
      return;
    }
    if (c == '(') {
      open(Place.PARENTHESIS, 1);
    } else if (c == ')' && place() == Place.PARENTHESIS) {
      places.pop();
      copy(1);
    } else if (c == ')') {
      places.pop();
      copy(follows("))") ? 2 : 1);
    } else if (c == '"') {
      open(Place.DOUBLE, 1);
    } else {
      copy(1);
    }
  }

  /** Copies a backslash and what it escapes; before a mark the backslash becomes this instead. */
  private boolean escape(char c, String beforeMark) {
    if (c != '\\') {
      return false;
    }
    if (at + 1 < text.length() && text.charAt(at + 1) == ShellScript.MARK) {
      out.append(beforeMark);
      at++;
    } else {
      copy(2);
    }
    return true;
  }

  private boolean substitution(char c) {
    if (c == '`') {
      if (place() == Place.BACKTICK) {
        places.pop();
        copy(1);
      } else {
        open(Place.BACKTICK, 1);
      }
      return true;
    }
    if (c != '$' || at + 1 >= text.length()) {
      return false;
    }
    if (text.charAt(at + 1) == ShellScript.MARK) {
      // The author wrote ${name}: the value is meant, not what a dollar would make of it.
      at++;
    } else if (follows("$((")) {
      open(Place.ARITHMETIC, 3);
    } else if (follows("$(")) {
      open(Place.SUBSHELL, 2);
    } else if (follows("${")) {
      open(quoted() ? Place.QUOTED_BRACE : Place.BRACE, 2);
    } else {
      return false;
    }
    return true;
  }

  private boolean quoted() {
    return switch (place()) {
      case DOUBLE, QUOTED_BRACE, HERE_DOCUMENT -> true;
      default -> false;
    };
  }

  private void reference() {
    int end = text.indexOf(ShellScript.MARK, at + 1);
    int index = Integer.parseInt(text.substring(at + 1, end));
    at = end + 1;
    if (inArithmetic()) {
      out.append(number(values.get(index)));
      return;
    }
    String plain = "${" + ShellScript.VARIABLE + index + "}";
    String quotes = "\"" + plain + "\"";
    out.append(
        switch (place()) {
          case CODE, SUBSHELL, BACKTICK, BRACE -> quotes;
          case SINGLE -> "'" + quotes + "'";
          case ANSI -> "'" + quotes + "$'";
          case DOUBLE, QUOTED_BRACE, HERE_DOCUMENT, COMMENT, ARITHMETIC, PARENTHESIS -> plain;
        });
  }

  private boolean inArithmetic() {
    for (Place place : places) {
      switch (place) {
        case ARITHMETIC, PARENTHESIS -> {
          return true;
        }
        case CODE, SUBSHELL, BACKTICK, HERE_DOCUMENT, COMMENT -> {
          return false;
        }
        case SINGLE, DOUBLE, ANSI, BRACE, QUOTED_BRACE -> {}
      }
    }
    return false;
  }

  /** Arithmetic evaluates text as an expression, which may run commands: only numbers get in. */
  private static String number(String value) {
    String trimmed = value.trim();
    if (NUMBER.matcher(trimmed).matches()) {
      return trimmed;
    }
    String shown = trimmed.length() > 40 ? trimmed.substring(0, 40) + "…" : trimmed;
    throw WindlassException.invalid(
        "bash: a value inside shell arithmetic must be a whole number, not \"" + shown + "\"");
  }

  private void hereDocument() {
    int begin = out.length();
    HereDocument.Head head = HereDocument.head(text, at);
    copy(head.length());
    if (!head.end().isEmpty()) {
      pending.add(new HereDocument(head, begin, out.length()));
    }
  }

  /** Copies the bodies of the here-documents that the line before has begun. */
  private void bodies() {
    List<HereDocument> documents = List.copyOf(pending);
    pending.clear();
    StringBuilder bodies = new StringBuilder();
    Deque<Runnable> renamings = new ArrayDeque<>();
    for (HereDocument document : documents) {
      HereDocument.Body body = document.body(text, at);
      at = body.next();
      if (!document.head().quoted()) {
        bodies.append(expanded(body.text())).append(body.last());
      } else if (body.text().indexOf(ShellScript.MARK) < 0) {
        bodies.append(body.text()).append(body.last());
      } else {
        // References work only in an unquoted here-document: so the author's text is escaped.
        String own = "WINDLASS_END_" + out.length() + "_" + renamings.size();
        bodies.append(expanded(HereDocument.escaped(body.text())));
        bodies.append(own).append(body.last().endsWith("\n") ? "\n" : "");
        renamings.push(() -> out.replace(document.from(), document.to(), document.begin(own)));
      }
    }
    // The last one first, so that the places of those before it stay right.
    renamings.forEach(Runnable::run);
    out.append(bodies);
  }

  private String expanded(String body) {
    return new ShellScanner(body, values, Place.HERE_DOCUMENT).scan();
  }

  private boolean beginsWord() {
    return at == 0 || " \t\n;&|(".indexOf(text.charAt(at - 1)) >= 0;
  }

  private boolean follows(String expected) {
    return text.startsWith(expected, at);
  }

  private void open(Place place, int length) {
    copy(length);
    places.push(place);
  }

  private void closes(char c, char close) {
    if (c == close) {
      places.pop();
    }
    copy(1);
  }

  private void copy(int length) {
    int end = Math.min(at + length, text.length());
    out.append(text, at, end);
    at = end;
  }
}
