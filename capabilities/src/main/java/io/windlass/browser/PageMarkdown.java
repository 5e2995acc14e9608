package io.windlass.browser;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** Writes a page's HTML as Markdown: headings, lists, links, tables, code. */
final class PageMarkdown {
  private static final Set<String> LEFT_OUT =
      Set.of(
          "script", "style", "noscript", "template", "svg", "iframe", "canvas", "head", "select");
  private static final Set<String> BLOCKS =
      Set.of(
          "address",
          "article",
          "aside",
          "blockquote",
          "div",
          "dl",
          "dd",
          "dt",
          "fieldset",
          "figure",
          "footer",
          "form",
          "header",
          "hr",
          "main",
          "nav",
          "p",
          "section",
          "table",
          "ul",
          "ol",
          "body");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0]+");
  private static final Pattern MANY_BREAKS = Pattern.compile("\\n{3,}");
  private static final Pattern TRAILING = Pattern.compile("[ \\t]+\\n");
  private static final int DEEPEST = 400;

  private final StringBuilder out = new StringBuilder();

  private PageMarkdown() {}

  /**
   * The Markdown of a page.
   *
   * @param base what relative links start from
   */
  static String of(String html, String base) {
    Document document = Jsoup.parse(html, base);
    PageMarkdown writer = new PageMarkdown();
    writer.children(document.body(), 0, "");
    String text = TRAILING.matcher(writer.out).replaceAll("\n");
    return MANY_BREAKS.matcher(text).replaceAll("\n\n").strip();
  }

  private void children(Element element, int depth, String indent) {
    if (depth > DEEPEST) {
      out.append(element.text());
      return;
    }
    for (Node child : element.childNodes()) {
      if (child instanceof TextNode text) {
        text(text.getWholeText());
      } else if (child instanceof Element inner && shown(inner)) {
        element(inner, depth + 1, indent);
      }
    }
  }

  private static boolean shown(Element element) {
    return !LEFT_OUT.contains(element.normalName())
        && !element.hasAttr("hidden")
        && !element.attr("aria-hidden").equals("true");
  }

  private void element(Element element, int depth, String indent) {
    String name = element.normalName();
    switch (name) {
      case "h1", "h2", "h3", "h4", "h5", "h6" -> {
        block();
        out.append("#".repeat(name.charAt(1) - '0')).append(' ').append(line(element));
        block();
      }
      case "br" -> out.append('\n');
      case "hr" -> {
        block();
        out.append("---");
        block();
      }
      case "a" -> link(element, depth, indent);
      case "img" -> {
        String alt = element.attr("alt").strip();
        if (!alt.isEmpty()) {
          out.append("![").append(alt).append("](").append(element.absUrl("src")).append(')');
        }
      }
      case "strong", "b" -> wrapped(element, "**");
      case "em", "i" -> wrapped(element, "*");
      case "code", "kbd", "samp" -> wrapped(element, "`");
      case "pre" -> {
        block();
        out.append("```\n").append(element.wholeText().stripTrailing()).append("\n```");
        block();
      }
      case "li" -> item(element, depth, indent);
      case "blockquote" -> {
        block();
        out.append("> ").append(line(element));
        block();
      }
      case "table" -> table(element, depth, indent);
      default -> {
        boolean apart = BLOCKS.contains(name);
        if (apart && !(indent.length() > 0 && (name.equals("ul") || name.equals("ol")))) {
          block();
        }
        children(element, depth, indent);
        if (apart) {
          block();
        }
      }
    }
  }

  private void item(Element element, int depth, String indent) {
    Element list = element.parent();
    String mark =
        list != null && list.normalName().equals("ol")
            ? (element.elementSiblingIndex() + 1) + ". "
            : "- ";
    if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
      out.append('\n');
    } else if (out.length() > 1 && out.charAt(out.length() - 2) == '\n' && !indent.isEmpty()) {
      out.setLength(out.length() - 1);
    }
    PageMarkdown inner = new PageMarkdown();
    inner.children(element, depth, indent + "  ");
    String text = MANY_BREAKS.matcher(inner.out).replaceAll("\n\n").strip();
    out.append(indent).append(mark).append(text.replace("\n\n", "\n"));
    out.append('\n');
  }

  private void link(Element element, int depth, String indent) {
    String target = element.absUrl("href");
    boolean useful = target.toLowerCase(Locale.ROOT).startsWith("http");
    if (!element.select("h1,h2,h3,h4,p,div,ul,table").isEmpty() || !useful) {
      children(element, depth, indent);
      return;
    }
    String words = line(element);
    if (!words.isEmpty()) {
      out.append('[').append(words).append("](").append(target).append(')');
    }
  }

  private void wrapped(Element element, String mark) {
    String words = line(element);
    if (!words.isEmpty()) {
      out.append(mark).append(words).append(mark);
    }
  }

  /** Rows of cells as a table, layout tables as what is in them. */
  private void table(Element table, int depth, String indent) {
    if (!table.select("table table, h1, h2, h3, ul, p + p").isEmpty()) {
      block();
      children(table, depth, indent);
      block();
      return;
    }
    block();
    boolean first = true;
    for (Element row : table.select("tr")) {
      StringBuilder cells = new StringBuilder("|");
      int count = 0;
      for (Element cell : row.select("> th, > td")) {
        cells.append(' ').append(line(cell).replace("|", "\\|")).append(" |");
        count++;
      }
      if (count > 0) {
        out.append(cells).append('\n');
        if (first) {
          out.append('|').append(" --- |".repeat(count)).append('\n');
          first = false;
        }
      }
    }
    block();
  }

  private void text(String text) {
    String plain = BLANKS.matcher(text).replaceAll(" ");
    boolean fresh = out.isEmpty() || Character.isWhitespace(out.charAt(out.length() - 1));
    out.append(fresh ? plain.stripLeading() : plain);
  }

  private void block() {
    if (!out.isEmpty()) {
      out.append("\n\n");
    }
  }

  private static String line(Element element) {
    return BLANKS.matcher(element.text()).replaceAll(" ").strip();
  }
}
