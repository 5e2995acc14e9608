package io.windlass.text;

import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a {@link Handlebars} template by recursive descent over its tags. */
final class HandlebarsParser {
  private static final int DEEPEST = 100;
  private static final Pattern TAG =
      Pattern.compile(
          "\\{\\{!--.*?--}}|\\{\\{\\{\\s*([^{}]*?)\\s*}}}|\\{\\{\\s*([^{}]*?)\\s*}}",
          Pattern.DOTALL);

  private final String template;
  private final List<Token> tokens = new ArrayList<>();
  private int next;
  private int counted;
  private int lines = 1;

  private record Token(String text, boolean tag, int line) {
    boolean is(String word) {
      return tag && text.equals(word);
    }

    boolean begins(String prefix) {
      return tag && text.startsWith(prefix);
    }

    /** Tags that leave no line of their own behind. */
    boolean standsAlone() {
      return tag
          && (text.startsWith("#")
              || text.startsWith("/")
              || text.startsWith("!")
              || text.startsWith("else"));
    }
  }

  HandlebarsParser(String template) {
    this.template = template;
  }

  List<HandlebarsNode> parse() {
    split();
    List<HandlebarsNode> nodes = nodes(0);
    if (next < tokens.size()) {
      Token stray = tokens.get(next);
      throw fault(stray.line(), "{{" + stray.text() + "}} closes nothing that is open");
    }
    return nodes;
  }

  private void split() {
    Matcher match = TAG.matcher(template);
    int from = 0;
    while (match.find()) {
      literal(from, match.start());
      String raw = match.group(1);
      String inner = match.group(2);
      String text = raw != null ? raw : inner != null ? inner : "!";
      if (text.startsWith("&")) {
        text = text.substring(1).trim();
      }
      Token token = new Token(text.replaceAll("\\s+", " "), true, line(match.start()));
      from = match.end();
      if (token.standsAlone() && aloneOnLine(match.start(), from)) {
        trimIndent();
        int newline = template.indexOf('\n', from);
        from = newline < 0 ? template.length() : newline + 1;
      }
      tokens.add(token);
    }
    literal(from, template.length());
  }

  private void literal(int from, int to) {
    if (to > from) {
      tokens.add(new Token(template.substring(from, to), false, line(from)));
    }
  }

  private boolean aloneOnLine(int start, int end) {
    int before = start - 1;
    while (before >= 0 && blank(template.charAt(before))) {
      before--;
    }
    int after = end;
    while (after < template.length() && blank(template.charAt(after))) {
      after++;
    }
    return (before < 0 || template.charAt(before) == '\n')
        && (after == template.length() || template.charAt(after) == '\n');
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  /** Takes the blanks before a tag that stands alone off the literal before it. */
  private void trimIndent() {
    if (!tokens.isEmpty() && !tokens.getLast().tag()) {
      Token last = tokens.removeLast();
      int end = last.text().length();
      while (end > 0 && blank(last.text().charAt(end - 1))) {
        end--;
      }
      if (end > 0) {
        tokens.add(new Token(last.text().substring(0, end), false, last.line()));
      }
    }
  }

  private List<HandlebarsNode> nodes(int depth) {
    if (depth > DEEPEST) {
      throw fault(tokens.get(next - 1).line(), "blocks are nested deeper than " + DEEPEST);
    }
    List<HandlebarsNode> nodes = new ArrayList<>();
    while (next < tokens.size()) {
      Token token = tokens.get(next);
      if (token.begins("/") || token.is("else") || token.begins("else ")) {
        return nodes;
      }
      next++;
      if (!token.tag()) {
        nodes.add(new HandlebarsNode.Literal(token.text()));
      } else if (token.begins("#")) {
        nodes.add(block(token, depth));
      } else if (!token.begins("!") && !token.text().isEmpty()) {
        nodes.add(new HandlebarsNode.Value(token.text()));
      }
    }
    return nodes;
  }

  private HandlebarsNode block(Token open, int depth) {
    String[] words = open.text().substring(1).trim().split(" ", 2);
    if (words.length < 2) {
      throw fault(open.line(), "{{" + open.text() + "}} needs a name to look at");
    }
    return switch (words[0]) {
      case "each" -> {
        List<HandlebarsNode> body = nodes(depth + 1);
        yield new HandlebarsNode.Each(words[1], body, otherwise(open, "each", depth));
      }
      case "if", "unless" -> {
        List<HandlebarsNode> then = nodes(depth + 1);
        yield new HandlebarsNode.If(
            words[1], words[0].equals("unless"), then, otherwise(open, words[0], depth));
      }
      default ->
          throw fault(open.line(), "{{#" + words[0] + "}} is not known; use each, if or unless");
    };
  }

  /** What follows {@code else}, and the block's end. */
  private List<HandlebarsNode> otherwise(Token open, String name, int depth) {
    Token token = take(open, name);
    if (token.begins("else if ")) {
      String path = token.text().substring("else if ".length());
      List<HandlebarsNode> then = nodes(depth + 1);
      return List.of(new HandlebarsNode.If(path, false, then, otherwise(open, name, depth + 1)));
    }
    List<HandlebarsNode> nodes = List.of();
    if (token.is("else")) {
      nodes = nodes(depth + 1);
      token = take(open, name);
    }
    if (!token.is("/" + name)) {
      throw fault(
          token.line(), "{{%s}} does not close {{%s}}".formatted(token.text(), open.text()));
    }
    return nodes;
  }

  private Token take(Token open, String name) {
    if (next >= tokens.size()) {
      throw fault(open.line(), "{{%s}} is never closed by {{/%s}}".formatted(open.text(), name));
    }
    return tokens.get(next++);
  }

  /** Counted on from the last answer, since offsets only grow. */
  private int line(int offset) {
    for (; counted < offset; counted++) {
      if (template.charAt(counted) == '\n') {
        lines++;
      }
    }
    return lines;
  }

  private static WindlassException fault(int line, String what) {
    return WindlassException.invalid("Template line " + line + ": " + what);
  }
}
