package io.windlass.mcp;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One server as the settings have it, references not yet followed.
 *
 * @param name its key in the file
 * @param command the program of a stdio server; null for one that is reached by HTTP
 * @param url where a streamable HTTP server answers; null for a stdio one
 * @param env further variables of the program's environment
 * @param headers sent with each HTTP request
 * @param cwd the folder that the program starts in
 * @param enabled whether it may be used
 * @param timeout what a call may take when the caller has no bound of its own; null when the
 *     settings do not say
 * @param startTimeout what start and first handshake may take
 * @param idle after how long without a call it is stopped; zero for never
 * @param raw its settings as they are written
 */
record ServerConfig(
    String name,
    @Nullable String command,
    List<String> args,
    @Nullable String url,
    Map<String, String> env,
    Map<String, String> headers,
    @Nullable String cwd,
    boolean enabled,
    @Nullable Duration timeout,
    Duration startTimeout,
    Duration idle,
    ObjectNode raw) {
  static final Duration TIMEOUT = Duration.ofSeconds(60);
  static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  static final Duration IDLE = Duration.ofMinutes(10);

  ServerConfig {
    args = List.copyOf(args);
    env = Map.copyOf(env);
    headers = Map.copyOf(headers);
  }

  String transport() {
    return url == null ? "stdio" : "http";
  }

  /** A text of its settings that only people read; empty when there is none. */
  String text(String... fields) {
    for (String field : fields) {
      if (raw.path(field).isString()) {
        return raw.path(field).stringValue();
      }
    }
    return "";
  }
}
