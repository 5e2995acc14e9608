package io.windlass.syntax;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.WorkFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The pre-tool {@code ast_parse}: what a source file of the workspace imports, declares and
 * exports, as JSON with lines and signatures.
 */
public final class AstParse implements PreTool {
  private static final int SOURCE_LIMIT = 2 << 20;
  private static final List<String> KINDS = List.of("functions", "classes", "imports", "exports");

  private final WorkFiles files;

  public AstParse(WorkFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "ast_parse";
  }

  @Override
  public List<String> required() {
    return List.of("path");
  }

  @Override
  public String run(PreToolCall call) throws IOException {
    String path = call.text("path").trim();
    Set<String> wanted = wanted(call);
    Grammar grammar =
        Grammar.of(path)
            .orElseThrow(() ->
                WindlassException.invalid(
                    "ast_parse cannot read the language of \"%s\"; it reads %s by the file's ending"
                        .formatted(
                            path,
                            Stream.of(Grammar.values())
                                .map(Grammar::word)
                                .collect(Collectors.joining(", ")))));
    String source = new String(files.read(path, SOURCE_LIMIT), StandardCharsets.UTF_8);
    try {
      return Json.MAPPER
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(Outline.of(grammar, source, wanted));
    } catch (LinkageError e) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "ast_parse: the parser for %s does not load on this system (%s %s)"
              .formatted(
                  grammar.word(), System.getProperty("os.name"), System.getProperty("os.arch")),
          e);
    }
  }

  /** A list, or a text with commas; all kinds when there is none. */
  private static Set<String> wanted(PreToolCall call) {
    Set<String> wanted = new LinkedHashSet<>();
    JsonNode given = call.fields().path("extract");
    Stream<String> words =
        given.isArray()
            ? given.valueStream().map(Json::show)
            : Stream.of(call.text("extract").split("[,\\s]+", -1));
    words
        .map(word -> word.strip().toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .forEach(word -> {
          String kind = word.equals("methods") ? "functions" : word;
          if (kind.equals("all")) {
            wanted.addAll(KINDS);
          } else if (KINDS.contains(kind)) {
            wanted.add(kind);
          } else {
            throw WindlassException.invalid(
                "ast_parse: extract takes %s, not \"%s\""
                    .formatted(String.join(", ", KINDS), word));
          }
        });
    return wanted.isEmpty() ? Set.copyOf(KINDS) : wanted;
  }
}
