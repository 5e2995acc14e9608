package io.windlass.app;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every setting: its environment variables, the first that is set wins, and its key in the file.
 */
enum Setting {
  HOME("WINDLASS_HOME"),
  HOST("WINDLASS_HOST"),
  PORT("WINDLASS_PORT"),
  CHAINS_HOST("WINDLASS_CHAINS_HOST", "REST_HOST"),
  CHAINS_PORT("WINDLASS_CHAINS_PORT", "REST_PORT"),
  CORS_ORIGIN("WINDLASS_CORS_ORIGIN", "CORS_ORIGIN"),
  ALLOWED_HOSTS("WINDLASS_ALLOWED_HOSTS"),
  MAX_BODY("WINDLASS_MAX_BODY"),
  TOKEN("WINDLASS_TOKEN"),
  COMMAND_TOKEN("CC_API_TOKEN"),
  CHAINS_TOKEN("OCC_API_KEY"),
  DATABASE_URL("WINDLASS_DATABASE_URL"),
  DRAIN("WINDLASS_DRAIN"),
  EXECUTION_MAX_AGE_DAYS("WINDLASS_EXECUTION_MAX_AGE_DAYS", "EXECUTION_MAX_AGE_DAYS"),
  MAX_CONCURRENT_EXECUTIONS("WINDLASS_MAX_CONCURRENT_EXECUTIONS", "MAX_CONCURRENT_EXECUTIONS"),
  MAX_CONTEXT_CHARS("WINDLASS_MAX_CONTEXT_CHARS", "MAX_CONTEXT_CHARS"),
  CHAINS_DIR("WINDLASS_CHAINS_DIR", "CHAINS_DIR"),
  PIPELINES_DIR("WINDLASS_PIPELINES_DIR", "PIPELINES_DIR"),
  WORKSPACE_DIR("WINDLASS_WORKSPACE_DIR", "WORKSPACE_DIR"),
  LIBRARY_DIR("WINDLASS_LIBRARY_DIR"),
  MCP_SETTINGS("WINDLASS_MCP_SETTINGS", "MCP_SERVERS_CONFIG"),
  ALLOW_PRIVATE_FETCH("WINDLASS_ALLOW_PRIVATE_FETCH"),
  AGENT_MAX_TURNS("WINDLASS_AGENT_MAX_TURNS"),
  TOOL_TIMEOUT("WINDLASS_TOOL_TIMEOUT"),
  APPROVE_TOOLS("WINDLASS_APPROVE_TOOLS"),
  EMBEDDING_MODEL("WINDLASS_EMBEDDING_MODEL"),
  BUDGET_OUTPUT_TOKENS("WINDLASS_BUDGET_OUTPUT_TOKENS");

  private final String variable;
  private final @Nullable String alias;

  Setting(String variable) {
    this(variable, null);
  }

  Setting(String variable, @Nullable String alias) {
    this.variable = variable;
    this.alias = alias;
  }

  List<String> variables() {
    return alias == null ? List.of(variable) : List.of(variable, alias);
  }

  /** The key in {@code windlass.yaml}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isSecret() {
    return this == TOKEN || this == COMMAND_TOKEN || this == CHAINS_TOKEN;
  }
}
