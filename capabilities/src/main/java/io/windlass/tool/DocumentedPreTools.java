package io.windlass.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pre-tools that the chain format names, built here or not, and the fields that each needs. */
final class DocumentedPreTools {
  static final Map<String, List<String>> REQUIRED = required();

  private DocumentedPreTools() {}

  private static Map<String, List<String>> required() {
    Map<String, List<String>> tools = new LinkedHashMap<>();
    tools.put("current_datetime", List.of());
    tools.put("http_fetch", List.of("url"));
    tools.put("parallel_fetch", List.of("urls"));
    tools.put("web_search", List.of("query"));
    tools.put("read_file", List.of("path"));
    tools.put("write_file", List.of("path", "content"));
    tools.put("bash", List.of("command"));
    tools.put("sandbox_exec", List.of("image", "command"));
    tools.put("env_var", List.of("var_name"));
    tools.put("mcp_call", List.of("server", "tool"));
    tools.put("db_query", List.of("connection", "sql"));
    tools.put("email", List.of("to", "subject"));
    tools.put("notify", List.of("message"));
    tools.put("state_load", List.of("key"));
    tools.put("state_save", List.of("key", "value"));
    tools.put("vector_index", List.of("source"));
    tools.put("vector_query", List.of("query"));
    tools.put("semantic_cache", List.of("query"));
    tools.put("embed_compare", List.of("text_a", "text_b"));
    tools.put("graph_query", List.of());
    tools.put("json_parse", List.of("input"));
    tools.put("template_render", List.of("template"));
    tools.put("diff_inject", List.of("repo"));
    tools.put("ast_parse", List.of("path"));
    tools.put("pdf_generate", List.of());
    tools.put("ocr", List.of("image_path"));
    tools.put("screenshot", List.of("url"));
    tools.put("image_generate", List.of("prompt"));
    tools.put("cost_gate", List.of());
    tools.put("approval_request", List.of());
    return Map.copyOf(tools);
  }
}
