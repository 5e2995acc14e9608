package io.windlass.syntax;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.treesitter.TSLanguage;
import org.treesitter.TreeSitterJava;
import org.treesitter.TreeSitterJavascript;
import org.treesitter.TreeSitterPython;
import org.treesitter.TreeSitterTsx;
import org.treesitter.TreeSitterTypescript;

/** The languages that can be read, and the names that their grammars give to declarations. */
enum Grammar {
  JAVA(
      TreeSitterJava::new,
      List.of("java"),
      Set.of("method_declaration", "constructor_declaration", "compact_constructor_declaration"),
      Set.of(
          "class_declaration",
          "interface_declaration",
          "enum_declaration",
          "record_declaration",
          "annotation_type_declaration"),
      Set.of("import_declaration"),
      Set.of()),
  PYTHON(
      TreeSitterPython::new,
      List.of("py", "pyi"),
      Set.of("function_definition"),
      Set.of("class_definition"),
      Set.of("import_statement", "import_from_statement", "future_import_statement"),
      Set.of()),
  JAVASCRIPT(
      TreeSitterJavascript::new,
      List.of("js", "mjs", "cjs", "jsx"),
      Set.of("function_declaration", "generator_function_declaration", "method_definition"),
      Set.of("class_declaration"),
      Set.of("import_statement"),
      Set.of("export_statement")),
  TYPESCRIPT(
      TreeSitterTypescript::new,
      List.of("ts", "mts", "cts"),
      Set.of(
          "function_declaration",
          "generator_function_declaration",
          "method_definition",
          "function_signature",
          "abstract_method_signature"),
      Set.of(
          "class_declaration",
          "abstract_class_declaration",
          "interface_declaration",
          "type_alias_declaration",
          "enum_declaration"),
      Set.of("import_statement"),
      Set.of("export_statement")),
  TSX(
      TreeSitterTsx::new,
      List.of("tsx"),
      Set.of(
          "function_declaration",
          "generator_function_declaration",
          "method_definition",
          "function_signature",
          "abstract_method_signature"),
      Set.of(
          "class_declaration",
          "abstract_class_declaration",
          "interface_declaration",
          "type_alias_declaration",
          "enum_declaration"),
      Set.of("import_statement"),
      Set.of("export_statement"));

  private final Supplier<TSLanguage> language;
  private final List<String> endings;
  private final Set<String> functions;
  private final Set<String> classes;
  private final Set<String> imports;
  private final Set<String> exports;

  Grammar(
      Supplier<TSLanguage> language,
      List<String> endings,
      Set<String> functions,
      Set<String> classes,
      Set<String> imports,
      Set<String> exports) {
    this.language = language;
    this.endings = endings;
    this.functions = functions;
    this.classes = classes;
    this.imports = imports;
    this.exports = exports;
  }

  /** The one for a file, by how its name ends. */
  static Optional<Grammar> of(String path) {
    String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    for (Grammar grammar : values()) {
      if (grammar.endings.contains(ending)) {
        return Optional.of(grammar);
      }
    }
    return Optional.empty();
  }

  TSLanguage language() {
    return language.get();
  }

  boolean isFunction(String type) {
    return functions.contains(type);
  }

  boolean isClass(String type) {
    return classes.contains(type);
  }

  boolean isImport(String type) {
    return imports.contains(type);
  }

  boolean isExport(String type) {
    return exports.contains(type);
  }

  /** In words, for people. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
