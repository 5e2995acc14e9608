package io.windlass.chain;

import java.util.Set;

/** The pre-tools that the chain format knows, available or not. */
final class PreToolNames {
  static final Set<String> ALL =
      Set.of(
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

  private PreToolNames() {}
}
