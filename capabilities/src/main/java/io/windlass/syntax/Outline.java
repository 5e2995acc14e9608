package io.windlass.syntax;

import io.windlass.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.treesitter.TSNode;
import org.treesitter.TSParser;
import org.treesitter.TSTree;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Walks a source file's syntax tree and notes what it declares. */
final class Outline {
  private static final int MOST = 2_000;
  private static final int LONGEST = 300;
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Set<String> FUNCTION_VALUES =
      Set.of("arrow_function", "function_expression", "function", "generator_function");

  private final Grammar grammar;
  private final byte[] source;
  private final ArrayNode functions = Json.MAPPER.createArrayNode();
  private final ArrayNode classes = Json.MAPPER.createArrayNode();
  private final ArrayNode imports = Json.MAPPER.createArrayNode();
  private final ArrayNode exports = Json.MAPPER.createArrayNode();

  private Outline(Grammar grammar, String source) {
    this.grammar = grammar;
    this.source = source.getBytes(StandardCharsets.UTF_8);
  }

  /** A node and the class that it is in. */
  private record Visit(TSNode node, @Nullable String inside) {}

  /**
   * What a source declares.
   *
   * @param wanted any of functions, classes, imports, exports
   */
  static ObjectNode of(Grammar grammar, String source, Set<String> wanted) {
    Outline outline = new Outline(grammar, source);
    boolean broken = outline.read(source);
    ObjectNode json = Json.object();
    json.put("language", grammar.word());
    if (wanted.contains("imports")) {
      json.set("imports", outline.imports);
    }
    if (wanted.contains("classes")) {
      json.set("classes", outline.classes);
    }
    if (wanted.contains("functions")) {
      json.set("functions", outline.functions);
    }
    if (wanted.contains("exports")) {
      json.set("exports", outline.exports);
    }
    if (broken) {
      json.put("syntax_errors", true);
    }
    return json;
  }

  private boolean read(String text) {
    try (TSParser parser = new TSParser()) {
      parser.setLanguage(grammar.language());
      try (TSTree tree = parser.parseString(null, text)) {
        TSNode root = tree.getRootNode();
        Deque<Visit> open = new ArrayDeque<>();
        open.push(new Visit(root, null));
        while (!open.isEmpty()) {
          Visit visit = open.pop();
          String inside = note(visit);
          for (int i = visit.node().getNamedChildCount() - 1; i >= 0; i--) {
            open.push(new Visit(visit.node().getNamedChild(i), inside));
          }
        }
        return root.hasError();
      }
    }
  }

  /** Notes a node if it is a declaration; gives the class that its children are in. */
  private @Nullable String note(Visit visit) {
    TSNode node = visit.node();
    String type = node.getType();
    if (grammar.isImport(type)) {
      add(imports, Json.object().put("text", line(node, null)), node);
    } else if (grammar.isExport(type)) {
      add(exports, Json.object().put("text", line(node, body(node))), node);
    } else if (grammar.isClass(type)) {
      ObjectNode found = named(node, type.replaceFirst("_(declaration|definition)$", ""));
      add(classes, found, node);
      publicName(visit, found);
      return found.path("name").asString();
    } else if (grammar.isFunction(type) || isFunctionValue(node, type)) {
      ObjectNode found = named(node, null);
      if (visit.inside() != null) {
        found.put("class", visit.inside());
      }
      add(functions, found, node);
      publicName(visit, found);
    }
    return visit.inside();
  }

  /** Languages without export statements: what others can see at the top level. */
  private void publicName(Visit visit, ObjectNode found) {
    if (visit.inside() != null) {
      return;
    }
    String name = found.path("name").asString();
    boolean seen =
        switch (grammar) {
          case JAVA -> found.path("signature").asString().contains("public ");
          case PYTHON -> !name.startsWith("_") && isTopLevel(visit.node());
          case JAVASCRIPT, TYPESCRIPT, TSX -> false;
        };
    if (seen) {
      add(exports, Json.object().put("text", name), visit.node());
    }
  }

  private static boolean isTopLevel(TSNode node) {
    TSNode parent = node.getParent();
    if (parent.getType().equals("decorated_definition")) {
      parent = parent.getParent();
    }
    return parent.getType().equals("module");
  }

  private static boolean isFunctionValue(TSNode node, String type) {
    if (!type.equals("variable_declarator") && !type.endsWith("field_definition")) {
      return false;
    }
    TSNode value = node.getChildByFieldName("value");
    return value != null && !value.isNull() && FUNCTION_VALUES.contains(value.getType());
  }

  private ObjectNode named(TSNode node, @Nullable String kind) {
    TSNode name = node.getChildByFieldName("name");
    if (name == null || name.isNull()) {
      name = node.getChildByFieldName("property");
    }
    ObjectNode found = Json.object();
    found.put(
        "name", name == null || name.isNull() ? "" : text(name.getStartByte(), name.getEndByte()));
    if (kind != null) {
      found.put("kind", kind);
    }
    found.put("signature", line(node, body(node)));
    return found;
  }

  private static void add(ArrayNode list, ObjectNode found, TSNode node) {
    if (list.size() < MOST) {
      found.put("line", node.getStartPoint().getRow() + 1);
      found.put("end_line", node.getEndPoint().getRow() + 1);
      list.add(found);
    }
  }

  /** Where a declaration's inside begins, be it nested in what an export or a name is given. */
  private static @Nullable TSNode body(TSNode node) {
    TSNode at = node;
    for (int depth = 0; depth < 4; depth++) {
      TSNode body = at.getChildByFieldName("body");
      if (body != null && !body.isNull()) {
        return body;
      }
      TSNode next = at.getChildByFieldName("declaration");
      if (next == null || next.isNull()) {
        next = at.getChildByFieldName("value");
      }
      if (next == null || next.isNull()) {
        return null;
      }
      at = next;
    }
    return null;
  }

  /** A node's text up to another one, on one line. */
  private String line(TSNode node, @Nullable TSNode upTo) {
    int end = upTo == null ? node.getEndByte() : upTo.getStartByte();
    String text = BLANKS.matcher(text(node.getStartByte(), end)).replaceAll(" ").strip();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }

  private String text(int from, int to) {
    return new String(source, from, Math.max(0, to - from), StandardCharsets.UTF_8);
  }
}
