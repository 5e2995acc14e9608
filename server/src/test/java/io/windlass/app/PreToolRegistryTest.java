package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.model.ModelObserver;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pre-tools that the chain format names, against those that there are and are explained. */
final class PreToolRegistryTest {
  private static final List<String> DOCUMENTED =
      List.of(
          "current_datetime",
          "http_fetch",
          "parallel_fetch",
          "web_search",
          "read_file",
          "write_file",
          "bash",
          "sandbox_exec",
          "env_var",
          "mcp_call",
          "db_query",
          "email",
          "notify",
          "state_load",
          "state_save",
          "vector_index",
          "vector_query",
          "semantic_cache",
          "embed_compare",
          "graph_query",
          "json_parse",
          "template_render",
          "diff_inject",
          "ast_parse",
          "pdf_generate",
          "ocr",
          "screenshot",
          "image_generate",
          "cost_gate",
          "approval_request");

  @TempDir Path folder;

  @Test
  void hasEveryPreToolOfTheFormat() throws Exception {
    Map<String, String> environment = Map.of("WINDLASS_HOME", folder.resolve("home").toString());
    try (Capabilities capabilities =
        new Capabilities(
            Config.read(environment, folder),
            environment,
            InstantSource.system(),
            ModelObserver.NONE,
            new Capabilities.Running(
                () -> {
                  throw new IllegalStateException("no server runs");
                },
                () -> ""))) {
      assertThat(capabilities.preTools())
          .extracting(PreTool::name)
          .containsExactlyInAnyOrderElementsOf(DOCUMENTED);
      assertThat(capabilities.preTools())
          .allSatisfy(tool ->
              assertThat(tool.required())
                  .as(tool.name())
                  .containsExactlyElementsOf(PreTools.requiredFields().get(tool.name())));
    }
  }

  @Test
  void explainsEveryPreTool() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "chains.md"));
    String section = page.substring(page.indexOf("\n## Pre-tools"), page.indexOf("\n## Pipelines"));
    var rows = new TreeSet<String>();
    Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE)
        .matcher(section)
        .results()
        .forEach(row -> rows.add(row.group(1)));
    assertThat(rows).containsAll(DOCUMENTED);
  }
}
